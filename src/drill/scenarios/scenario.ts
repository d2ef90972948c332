import type { Choose } from '../choose.ts'
import type { DrillContext } from '../context.ts'
import { type Ability, known, type ProcessKind, type Target, type TargetProcess } from '../target.ts'

/** What a scenario promises. Nothing acknowledged may ever be lost, doubled, stuck or orphaned; the rest depends on what is struck. */
export interface Limits {
  /** No request fails; left out where the fault itself cuts connections to clients. */
  readonly failed?: 0
  /** Nobody is taken for dead but what may be silent; left out where the fault cuts others off from those that listen to them. */
  readonly falseDowns?: 0
  /** From the begin of the first request that fails or is refused to the begin of the last, in milliseconds. */
  readonly downtimeMs: number
  /** From the blow until all that it interrupted has ended and new work is done, in milliseconds. */
  readonly recoveryMs: number
  /** No request takes longer, in milliseconds; left out where clients wait for what all instances need. */
  readonly worstMs?: number
  /** Within this time changes are acknowledged again, in milliseconds. */
  readonly gapMs?: number
  /** No connection is left to a node that was struck, where the scenario looks. */
  readonly stale?: 0
}

export interface Stage extends DrillContext {
  /** Says what is struck now: a round begins. */
  mark(fault: string, target: string): void
  /** Says how many connections still led to what was struck, some time after others had taken its place. */
  stale(count: number): void
  /** Asks for several things at once, outside of the load's pace; resolves when all have an answer. */
  burst(): Promise<void>
}

/** One kind of blow, as data. */
export interface Scenario {
  readonly name: string
  /** What it does, in a sentence. */
  readonly sentence: string
  readonly needs: { readonly abilities: readonly Ability[]; readonly kinds: readonly ProcessKind[] }
  /** Whether requests may be refused with 503 and Retry-After meanwhile: what all instances need is itself down. */
  readonly mayRefuse?: boolean
  /** Whether servers may end in ERROR meanwhile: it may leave no host for them. */
  readonly mayError?: boolean
  /** Whether what is struck may be taken for dead meanwhile: it ends, or is silent for longer than somebody who lives. */
  readonly maySilence?: boolean
  readonly limits: Limits
  /** Takes so long that it falls only when it is asked for by its name. */
  readonly byNameOnly?: true
  /** Strikes, and puts right what nobody else would. */
  blow(stage: Stage, target: Target, choose: Choose): Promise<void>
}

/** What instances among many promise: clients notice nothing. */
export const unnoticed: Limits = { failed: 0, falseDowns: 0, downtimeMs: 0, recoveryMs: 30_000 }

/** What one of several instances that serve clients promises: beyond that, nobody waits for long. */
export const quick: Limits = { ...unnoticed, worstMs: 5_000 }

/** What something that all share promises: clients wait, or are told to come again. */
export const refusing: Limits = { failed: 0, falseDowns: 0, downtimeMs: 30_000, recoveryMs: 60_000 }

/** What holds where the fault cuts the clients' own connections. */
export const cutting: Limits = { downtimeMs: 10_000, recoveryMs: 60_000 }

/** What the scenario needs and this cloud lacks, in words; undefined when it has all. */
export function lacking({ needs }: Scenario, target: Target, processes: readonly TargetProcess[]): string | undefined {
  const ability = needs.abilities.find((name) => typeof target[name] !== 'function')
  if (ability) return `its machines or processes can't ${words[ability] ?? ability}`
  const kind = needs.kinds.find((kind) => !processes.some((one) => one.kind === kind))
  return kind && `it has no process of kind ${kind}`
}

const words: Partial<Record<Ability, string>> = {
  stop: 'be kept stopped',
  start: 'be kept stopped',
  nextProgram: 'be upgraded: there is no other program than the one that they run',
  hosts: 'be told apart: it has one machine',
  isolate: 'be cut off from the network',
  block: 'be cut off in one direction',
  slow: 'have a slow link',
  fillDisk: 'have a full disk',
  skewClock: 'have a wrong clock',
  rotateKeys: 'rotate their keys',
  powerOff: 'be switched off',
  writer: 'tell who takes the writes',
}

/** Which kinds of cloud have all that the scenario needs. */
export const cloudsFor = ({ needs }: Pick<Scenario, 'needs'>): Target['kind'][] =>
  (Object.keys(known) as Target['kind'][]).filter(
    (kind) =>
      needs.abilities.every((name) => known[kind].abilities.includes(name)) && needs.kinds.every((one) => known[kind].kinds.includes(one)),
  )

export const ofKind = async (target: Target, kind: ProcessKind): Promise<readonly TargetProcess[]> =>
  (await target.processes()).filter((one) => one.kind === kind)

/** Keeps a fault up for a while, and puts it right in any case, also when the drill is ended early. */
export async function during({ clock, signal }: Stage, ms: number, fault: { begin(): Promise<void>; end(): Promise<void> }): Promise<void> {
  try {
    await fault.begin()
    await clock.sleep(ms, signal)
  } finally {
    await fault.end()
  }
}
