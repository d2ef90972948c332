import { invalid } from '../kernel/errors.ts'
import { blame } from './fault.ts'

// keystone keeps microseconds, which a Date does not: such moments stay texts, all in UTC and of one form, so that they sort as they follow.
const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|([+-]\d\d):?(\d\d))?$/

/** A moment that a client wrote, as `YYYY-MM-DDTHH:MM:SS.ffffff`. Refuses what is none, and one that has passed. keystone/common/utils.py */
export function futureMoment(text: string, now: Date): string {
  const moment = momentIn(text)
  if (moment === undefined) throw invalid(`Timestamp not in expected format. ${blame}`)
  if (hasPassed(moment, now)) throw invalid(`The 'expires_at' must not be before now. ${blame}`)
  return moment
}

/** A moment that a client wrote, in the same form; undefined when it is none. */
export function momentIn(text: string): string | undefined {
  const [, whole, fraction = '', hours, minutes] = form.exec(text) ?? []
  const ms = whole === undefined ? Number.NaN : Date.parse(`${whole}${hours ? `${hours}:${minutes}` : 'Z'}`)
  return Number.isNaN(ms) ? undefined : `${new Date(ms).toISOString().slice(0, 19)}.${fraction.padEnd(6, '0')}`
}

/** A moment of a clock in the same form. */
export const momentOf = (date: Date): string => `${date.toISOString().slice(0, -1)}000`

/** Whether that moment is over; null is a moment that never comes. */
export const hasPassed = (moment: string | null, now: Date): boolean => moment !== null && moment <= momentOf(now)

/** Whole seconds since 1970, rounded down. */
export const secondsOf = (moment: string): number => Math.floor(Date.parse(`${moment.slice(0, 23)}Z`) / 1000)
