import { invalid } from '../../kernel/errors.ts'
import type { Period } from './store.ts'

const pattern = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?$/

/** Reads the period that a query names; what is left out is now. Throws `invalid` for what is no time, or ends before it starts. */
export function periodOf({ start, end }: { start?: string | undefined; end?: string | undefined }, now: Date): Period {
  const stop = timeOf(end) ?? now
  const begin = timeOf(start) ?? now
  if (begin > stop) throw invalid('Invalid start time. The start time cannot occur after the end time.')
  return { start: begin, stop }
}

function timeOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const time = pattern.test(text) ? Date.parse(`${text.replace(' ', 'T')}Z`) : NaN
  if (Number.isNaN(time)) throw invalid('Datetime is in invalid format')
  return new Date(time)
}
