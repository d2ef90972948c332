import { chownSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import { writeWhole } from '../embedded/supervisor/whole-file.ts'
import type { HostPlan, Layout } from '../topology/unit.ts'
import { userNamed } from './accounts.ts'
import { run } from './command.ts'
import { keepUnit, type KeptUnit } from './keep-unit.ts'
import { openNamespace, type Namespace } from './namespace.ts'
import type { Direction, LabNetwork } from './network.ts'

/** One host of the lab, with its units. */
export interface Machine {
  readonly name: string
  readonly address: string
  power(): 'on' | 'off'
  /** How its line is cut, if it is. */
  line(): Direction | 'slow' | 'whole'
  units(): readonly KeptUnit[]
  on(): Promise<void>
  /** As if the plug were pulled. */
  off(): Promise<void>
  /** Ends its units in order, last started first, and then the machine. */
  shutDown(): Promise<void>
  cut(direction: Direction): Promise<void>
  slow(kilobits: number): Promise<void>
  heal(): Promise<void>
  /** Does what an operator would on a controller: `skykeel keys rotate`. Rejects with what that complains of. */
  rotateKeys(): Promise<void>
}

export interface MachineOptions {
  readonly plan: HostPlan
  readonly address: string
  readonly layout: Layout
  readonly theSwitch: Namespace
  readonly network: LabNetwork
}

/** How long a command of an operator may take, in milliseconds. */
const commandMs = 120_000

/** A machine that is still off. */
export function openMachine(ctx: { clock: Clock; log: Log }, { plan, address, layout, theSwitch, network }: MachineOptions): Machine {
  const log = ctx.log.child({ host: plan.host })
  let here: Namespace | undefined
  let units: readonly KeptUnit[] = []
  let line: Direction | 'slow' | 'whole' = 'whole'

  function furnish() {
    // What a reboot of a real machine clears.
    rmSync(layout.run, { recursive: true, force: true })
    for (const folder of [layout.etc, layout.lib, layout.run, layout.log]) mkdirSync(folder, { recursive: true, mode: 0o755 })
    for (const unit of plan.units) for (const folder of unit.folders) own(folder, unit.user)
    for (const { path, text, mode, owner } of plan.files) {
      mkdirSync(dirname(path), { recursive: true })
      writeWhole(path, text, { mode })
      if (owner) give(path, owner)
    }
  }

  async function on() {
    if (here) return
    furnish()
    here = await openNamespace(plan.host, theSwitch)
    await network.plug(here, { name: plan.host, address })
    line = 'whole'
    const machine = here
    units = plan.units.map((unit) => keepUnit({ clock: ctx.clock, log }, unit, { machine, logFolder: layout.log }))
  }

  async function off() {
    const machine = here
    here = undefined
    for (const unit of units) unit.abandon()
    units = []
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
    async heal() {
      await network.heal(running())
      line = 'whole'
    },
    async rotateKeys() {
      const command = [layout.skykeel, 'keys', 'rotate', '--config', `${layout.etc}/controller.yaml`]
      await run([...running().enter, ...command], { timeoutMs: commandMs })
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
