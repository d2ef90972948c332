import { invalid } from '../kernel/errors.ts'

const pattern = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i

export const isUuid = (text: string): boolean => pattern.test(text)

/** Refuses what is no UUID, with `invalid`. */
export function checkUuid(text: string): string {
  if (!isUuid(text)) throw invalid(`Invalid uuid ${text}`)
  return text
}

/** The number that a path names; undefined when it is none, or larger than any id. */
export const numberOf = (text: string): number | undefined => (/^\d{1,15}$/.test(text) ? Number(text) : undefined)
