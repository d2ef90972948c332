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
import { giveProgram, programOn } from './programs.ts'

/** One host of the lab, with its units. */
export interface Machine {
  readonly name: string
  readonly address: string
  power(): 'on' | 'off'
  /** How its line is cut, if it is. */
  line(): Direction | 'slow' | 'whole'
  units(): readonly KeptUnit[]
  /** The folder of the program that it starts from now on. */
  program(): string
  /** Gives it another program, with the files that this one renders for it. What runs already goes on as it is until it is restarted. */
  give(program: string): Promise<void>
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
  readonly name: string
  /** What the program in a folder wants the machine to be. */
  planBy(program: string): Promise<HostPlan>
  readonly address: string
  readonly layout: Layout
  readonly theSwitch: Namespace
  readonly network: LabNetwork
}

/** How long a command of an operator may take, in milliseconds. */
const commandMs = 120_000

/** A machine that is still off. */
export function openMachine(
  ctx: { clock: Clock; log: Log },
  { name, planBy, address, layout, theSwitch, network }: MachineOptions,
): Machine {
  const log = ctx.log.child({ host: name })
  let plan: HostPlan = { host: name, units: [], files: [] }
  let here: Namespace | undefined
  let units: readonly KeptUnit[] = []
  let line: Direction | 'slow' | 'whole' = 'whole'

  function furnish() {
    // What a reboot of a real machine clears.
    rmSync(layout.run, { recursive: true, force: true })
    for (const folder of [layout.etc, layout.lib, layout.run, layout.log]) mkdirSync(folder, { recursive: true, mode: 0o755 })
    for (const unit of plan.units) for (const folder of unit.folders) own(folder, unit.user)
    writeFiles()
  }

  function writeFiles() {
    for (const { path, text, mode, owner } of plan.files) {
      mkdirSync(dirname(path), { recursive: true })
      writeWhole(path, text, { mode })
      if (owner) give(path, owner)
    }
  }

  async function on() {
    if (here) return
    furnish()
    here = await openNamespace(name, theSwitch)
    await network.plug(here, { name, address })
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
    if (!here) throw new Error(`${name} is switched off`)
    return here
  }
  return {
    name,
    address,
    power: () => (here ? 'on' : 'off'),
    line: () => line,
    units: () => units,
    program: () => programOn(layout),
    async give(program) {
      plan = await planBy(program)
      mkdirSync(dirname(layout.etc), { recursive: true, mode: 0o755 })
      giveProgram(layout, program)
      if (here) writeFiles()
      for (const one of units) one.become(plan.units.find((unit) => unit.name === one.unit.name) ?? one.unit)
    },
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
