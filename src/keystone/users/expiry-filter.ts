import { invalid } from '../../kernel/errors.ts'
import { blame } from '../fault.ts'
import { momentIn } from '../moments.ts'
import type { ComparisonOperatorExpression, SelectQueryBuilder } from 'kysely'

/** When passwords end: `operator` compares it with a moment of `moments.ts`. */
export interface ExpiryFilter {
  readonly operator: ComparisonOperatorExpression
  readonly moment: string
}

const operators = new Map([
  ['eq', '='],
  ['neq', '!='],
  ['lt', '<'],
  ['lte', '<='],
  ['gt', '>'],
  ['gte', '>='],
] as const) as ReadonlyMap<string, ComparisonOperatorExpression>

/** Reads `lt:2026-11-28T12:00:00Z`; a moment alone is for the very same. keystone/identity/core.py */
export function expiryFilter(written: string | undefined): ExpiryFilter | undefined {
  if (written === undefined) return undefined
  const [, name = 'eq', text = ''] = /^(?:([^:]{0,3}):)?(.*)$/s.exec(written) ?? []
  const moment = momentIn(text)
  if (moment === undefined) throw invalid(`Timestamp not in expected format. ${blame}`)
  const operator = operators.get(name)
  if (operator) return { operator, moment }
  throw invalid(`The given operator ${name} is not valid. It must be one of the following: 'eq', 'neq', 'lt', 'lte', 'gt', or 'gte'.`)
}

type AnyQuery = SelectQueryBuilder<any, any, any>

/** Keeps users whose password ends then; one whose password never ends is in no such list. */
export const expiringWithin = <Q extends AnyQuery>(query: Q, filter: ExpiryFilter | undefined): Q =>
  (filter ? query.where('password_expires_at', filter.operator, filter.moment) : query) as Q
