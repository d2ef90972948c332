import { marks, type Promised, promises, verdictOn } from './promises.ts'
import type { Told } from './seen.ts'

/** A promise with what came of it, in words. */
export interface PromiseLine {
  /** 1 to 15; empty for what else was set as a mark. */
  readonly number: string
  readonly promise: string
  readonly state: 'kept' | 'BROKEN' | 'not run' | 'by tests'
  readonly figure: string
  /** What is not shown of it, and why; empty where nothing is missing. */
  readonly unshown: string
}

/** Every promise, and what these drills say of it. */
export const promiseLines = (all: readonly Told[]): PromiseLine[] => [
  ...promises.map((one) => lineOf(String(one.number), one, all)),
  ...marks.map((one) => lineOf('', one, all)),
]

function lineOf(number: string, one: Omit<Promised, 'number'>, all: readonly Told[]): PromiseLine {
  const { promise, unshown = '', tests = [] } = one
  const verdict = verdictOn(one, all)
  if (verdict) return { number, promise, state: verdict.kept ? 'kept' : 'BROKEN', figure: verdict.figure, unshown }
  const isTested = one.judge === undefined
  return { number, promise, state: isTested ? 'by tests' : 'not run', figure: isTested ? tests.join(', ') : '', unshown }
}

/** The lines for a terminal. */
export const promiseTable = (lines: readonly PromiseLine[]): string =>
  lines
    .flatMap(({ number, promise, state, figure, unshown }) => [
      `${number.padStart(2)}  ${state.padEnd(8)}  ${promise}`,
      ...[figure, unshown && `not shown: ${unshown}`].filter((text) => text !== '').map((text) => `${' '.repeat(14)}${text}`),
    ])
    .join('\n')
