import type { Lab } from './lab.ts'
import { stateOf } from './serving.ts'

/** What a lab says of itself. */
export interface LabStatus {
  /** Whether it has been used as a user would, with success, since it was started. */
  readonly ready: boolean
  readonly auth_url: string
  readonly database: string
  /** The folder of the program that its hosts began with. */
  readonly program: string
  /** Which faults it can make beside those that every lab can: `fill` and `skew`. */
  readonly faults: readonly string[]
  readonly hosts: readonly {
    readonly name: string
    readonly address: string
    readonly power: string
    readonly line: string
    /** The folder of the program that it starts from now on. */
    readonly program: string
    /** Whether its disk is full. */
    readonly full: boolean
    /** By how much its clock is wrong, in seconds. */
    readonly skew: number
  }[]
  readonly processes: readonly {
    /** HOST/UNIT */
    readonly name: string
    readonly host: string
    readonly unit: string
    readonly pid: number
    readonly state: string
  }[]
}

type FromMachines = 'program' | 'faults' | 'hosts' | 'processes'

/** How its hosts and their units are just now. */
export async function statusOf({ machines, program }: Pick<Lab, 'machines' | 'program'>): Promise<Pick<LabStatus, FromMachines>> {
  const processes = machines.flatMap((machine) =>
    machine.units().map(async (one) => ({
      name: `${machine.name}/${one.unit.name}`,
      host: machine.name,
      unit: one.unit.name,
      pid: one.pid(),
      state: await stateOf(machine, { name: one.unit.name, state: one.state() }),
    })),
  )
  return {
    program,
    faults: [...(machines.every(({ disk }) => disk) ? ['fill'] : []), ...(machines.every(({ wallClock }) => wallClock) ? ['skew'] : [])],
    hosts: machines.map((machine) => ({
      name: machine.name,
      address: machine.address,
      power: machine.power(),
      line: machine.line(),
      program: machine.program(),
      full: machine.disk?.isFull() ?? false,
      skew: (machine.wallClock?.wrongMs() ?? 0) / 1000,
    })),
    processes: await Promise.all(processes),
  }
}
