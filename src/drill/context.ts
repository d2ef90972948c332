import type { Clock, Ids } from '../kernel/clock.ts'

/** What every part of a drill has at hand. */
export interface DrillContext {
  readonly clock: Clock
  readonly ids: Ids
  /** Aborts when the drill shall end early. What is frozen or cut off then is put right first. */
  readonly signal: AbortSignal
  /** Tells a person how it goes. */
  say(line: string): void
}
