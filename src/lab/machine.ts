import { chownSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import { writeWhole } from '../embedded/supervisor/whole-file.ts'
import type { HostPlan, Layout } from '../topology/unit.ts'
import { userNamed } from './accounts.ts'
import { run } from './command.ts'
import type { Disk } from './disk.ts'
import { keepUnit, type KeptUnit } from './keep-unit.ts'
import { openNamespace, type Namespace } from './namespace.ts'
import type { Direction, LabNetwork } from './network.ts'
import type { WallClock } from './wrong-clock.ts'

/** One host of the lab, with its units. */
export interface Machine {
  readonly name: string
  readonly address: string
  power(): 'on' | 'off'
  /** How its line is cut, if it is. */
  line(): Direction | 'slow' | 'whole'
  /** Its disk and its clock, where this machine can give it such. */
  readonly disk: Disk | undefined
  readonly wallClock: WallClock | undefined
  units(): readonly KeptUnit[]
  on(): Promise<void>
  /** As if the plug were pulled. */
  off(): Promise<void>
  /** Ends its units in order, last started first, and then the machine. */
  shutDown(): Promise<void>
  cut(direction: Direction): Promise<void>
  slow(kilobits: number): Promise<void>
  /** Leaves no byte of its disk free. */
  fill(): Promise<void>
  /** Undoes cut, slow and fill, and sets its clock right. */
  heal(): Promise<void>
}

export interface MachineOptions {
  readonly plan: HostPlan
  readonly address: string
  readonly layout: Layout
  readonly theSwitch: Namespace
  readonly network: LabNetwork
  readonly disk: Disk | undefined
  readonly wallClock: WallClock | undefined
}

/** A machine that is still off. */
export function openMachine(ctx: { clock: Clock; log: Log }, options: MachineOptions): Machine {
  const { plan, address, layout, theSwitch, network, disk, wallClock } = options
  const log = ctx.log.child({ host: plan.host })
  let here: Namespace | undefined
  let units: readonly KeptUnit[] = []
  let line: Direction | 'slow' | 'whole' = 'whole'

  function clear() {
    // What a reboot of a real machine clears.
    rmSync(layout.run, { recursive: true, force: true })
    for (const folder of [layout.etc, layout.lib, layout.run, layout.log]) mkdirSync(folder, { recursive: true, mode: 0o755 })
  }

  function furnish(machine: Namespace) {
    for (const unit of plan.units) for (const folder of unit.folders) own(machine.path(folder), unit.user)
    for (const file of plan.files) {
      const path = machine.path(file.path)
      mkdirSync(dirname(path), { recursive: true })
      writeWhole(path, file.text, { mode: file.mode })
      if (file.owner) give(path, file.owner)
    }
  }

  async function on() {
    if (here) return
    clear()
    const machine = await openNamespace(plan.host, theSwitch)
    here = machine
    // What programs of one machine share in memory is theirs alone.
    await run([...machine.enter, 'mount', '-t', 'tmpfs', 'shm', '/dev/shm'])
    await disk?.mount(machine)
    await wallClock?.hang(machine)
    furnish(machine)
    await network.plug(machine, { name: plan.host, address })
    line = 'whole'
    units = plan.units.map((unit) => keepUnit({ clock: ctx.clock, log }, unit, { machine, logFolder: layout.log, wallClock }))
  }

  async function off() {
    const machine = here
    here = undefined
    for (const unit of units) unit.abandon()
    units = []
    await disk?.empty()
    await machine?.end()
  }

  const running = (): Namespace => {
    if (!here) throw new Error(`${plan.host} is switched off`)
    return here
  }
  return {
    name: plan.host,
    address,
    power: () => (here ? 'on' : 'off'),
    line: () => line,
    disk,
    wallClock,
    units: () => units,
    on,
    off,
    async shutDown() {
      for (const unit of units.toReversed()) await unit.stop()
      await off()
    },
    async cut(direction) {
      await network.heal(running())
      await network.cut(running(), direction)
      line = direction
    },
    async slow(kilobits) {
      await network.slow(running(), kilobits)
      line = 'slow'
    },
    fill: async () => disk?.fill(running()),
    async heal() {
      await network.heal(running())
      await disk?.empty()
      wallClock?.step(0)
      line = 'whole'
    },
  }
}

function own(folder: string, user: string) {
  mkdirSync(folder, { recursive: true, mode: 0o750 })
  give(folder, user)
}

function give(path: string, user: string) {
  const { uid, gid } = userNamed(user)
  chownSync(path, uid, gid)
}
