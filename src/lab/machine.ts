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
import { giveProgram, programOn } from './programs.ts'
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
  /** Leaves no byte of its disk free. */
  fill(): Promise<void>
  /** Undoes cut, slow and fill, and sets its clock right. */
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
  readonly disk: Disk | undefined
  readonly wallClock: WallClock | undefined
}

/** How long a command of an operator may take, in milliseconds. */
const commandMs = 120_000

/** A machine that is still off. */
export function openMachine(ctx: { clock: Clock; log: Log }, options: MachineOptions): Machine {
  const { name, planBy, address, layout, theSwitch, network, disk, wallClock } = options
  const log = ctx.log.child({ host: name })
  let plan: HostPlan = { host: name, units: [], files: [] }
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
    writeFiles(machine)
  }

  function writeFiles(machine: Namespace) {
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
    const machine = await openNamespace(name, theSwitch)
    here = machine
    // What programs of one machine share in memory is theirs alone.
    await run([...machine.enter, 'mount', '-t', 'tmpfs', 'shm', '/dev/shm'])
    await disk?.mount(machine)
    await wallClock?.hang(machine)
    furnish(machine)
    await network.plug(machine, { name: name, address })
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
    if (!here) throw new Error(`${name} is switched off`)
    return here
  }
  return {
    name,
    address,
    power: () => (here ? 'on' : 'off'),
    line: () => line,
    disk,
    wallClock,
    units: () => units,
    program: () => programOn(layout),
    async give(program) {
      plan = await planBy(program)
      mkdirSync(dirname(layout.etc), { recursive: true, mode: 0o755 })
      giveProgram(layout, program)
      if (here) writeFiles(here)
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
    fill: async () => disk?.fill(running()),
    async heal() {
      await network.heal(running())
      await disk?.empty()
      wallClock?.step(0)
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
