import { invalid } from '../../kernel/errors.ts'

export interface TimeFilter {
  readonly column: 'created_at' | 'updated_at'
  readonly operator: '>' | '>=' | '<' | '<=' | '=' | '!='
  readonly time: Date
}

const operators = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=', neq: '!=' } as const

/** Reads `gt:2026-01-31T12:00:00Z`; without an operator the time must be equal. */
export function readTime(column: TimeFilter['column'], text: string): TimeFilter {
  const [, name = 'eq', time] = /^(?:([a-z]+):)?(\d.*)$/s.exec(text) ?? []
  if (!Object.hasOwn(operators, name)) throw invalid('Unable to filter on a unknown operator.')
  const zoned = /[zZ]$|[+-]\d\d:?\d\d$/.test(time ?? '') || /^\d{4}-\d\d-\d\d$/.test(time ?? '') ? time : `${time}Z`
  const ms = Date.parse(zoned ?? '')
  if (Number.isNaN(ms)) throw invalid('Bad "time" filter format, ISO 8601 format required.')
  return { column, operator: operators[name as keyof typeof operators], time: new Date(ms) }
}

/** Reads `in:a,"b,c"` as several values, anything else as one. */
export function readIn(text: string): string[] {
  if (!text.startsWith('in:')) return [text.startsWith('eq:') ? text.slice(3) : text]
  const list = text.slice(3)
  if (!/^("[^"]*"|[^",]*)(,("[^"]*"|[^",]*))*$/.test(list))
    throw invalid(`Invalid filter value ${list.slice(0, 255)}. The quote is not closed or not after a comma.`)
  return [...list.matchAll(/(?<=^|,)(?:"([^"]*)"|([^",]*))(?=,|$)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

/** Reads a number of bytes, gigabytes or megabytes. */
export function readAmount(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw invalid('Unable to filter using the specified range.')
  return Number(text)
}

export function readFlag(name: string, text: string): boolean {
  if (/^(true|t|1|yes|y|on)$/i.test(text)) return true
  if (/^(false|f|0|no|n|off)$/i.test(text)) return false
  throw invalid(`Invalid value '${text.slice(0, 64)}' for parameter '${name}': must be true or false.`)
}
