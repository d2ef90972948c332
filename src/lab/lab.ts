import type { Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import type { Rendering } from '../topology/render/part.ts'
import { hostsWith, type Topology } from '../topology/model.ts'
import { canMakeDisks, openDisk } from './disk.ts'
import { openMachine, type Machine } from './machine.ts'
import { openNamespace } from './namespace.ts'
import { openNetwork } from './network.ts'
import { diskOf, layoutOf, type LabDir } from './places.ts'
import { rendererOf } from './programs.ts'
import { canSetClocks, openWallClock } from './wrong-clock.ts'

/** A whole topology on this one machine. */
export interface Lab {
  readonly topology: Topology
  readonly machines: readonly Machine[]
  /** The folder of the program that its hosts began with. */
  readonly program: string
  /** Ends everything in order. */
  stop(): Promise<void>
}

interface LabOptions {
  readonly dir: LabDir
  readonly topology: Topology
  readonly subnet: number
  readonly program: string
  readonly rendering: Omit<Rendering, 'layout'>
}

/** Starts every host of the topology. Nothing of it outlives this process, whichever way it ends; data stay in the directory. */
export async function openLab(ctx: { clock: Clock; log: Log }, { dir, topology, subnet, program, rendering }: LabOptions): Promise<Lab> {
  const theSwitch = await openNamespace('switch')
  const machines: Machine[] = []
  const [withDisks, withClocks] = [await canMakeDisks(), canSetClocks()]
  try {
    const network = await openNetwork(theSwitch, { subnet })
    for (const { name, address } of topology.hosts) {
      const layout = layoutOf(dir, name)
      const disk = withDisks ? openDisk({ file: diskOf(dir, name), at: layout.lib }) : undefined
      const wallClock = withClocks ? openWallClock(layout.run) : undefined
      const planBy = async (folder: string) => (await rendererOf(folder))(topology, name, { ...rendering, layout })
      machines.push(openMachine(ctx, { name, planBy, address, layout, theSwitch, network, disk, wallClock }))
    }
    await Promise.all(
      machines.map(async (machine) => {
        await machine.give(program)
        await machine.on()
      }),
    )
  } catch (error) {
    await Promise.all(machines.map((machine) => machine.off()))
    await theSwitch.end()
    throw error
  }
  return {
    topology,
    machines,
    program,
    async stop() {
      // Hosts of guests first, as their reports still find a queue; then the others together, as an operator would.
      const [guests, others] = [machines.filter((one) => isGuestHost(topology, one)), machines.filter((one) => !isGuestHost(topology, one))]
      for (const some of [guests, others]) await Promise.all(some.map((machine) => machine.shutDown()))
      await theSwitch.end()
    },
  }
}

const isGuestHost = (topology: Topology, { name }: Machine): boolean =>
  hostsWith(topology, 'nova-compute').some((host) => host.name === name)
