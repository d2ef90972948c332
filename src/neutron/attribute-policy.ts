import type { Target } from '../cloud/check-string.ts'
import type { CloudContext } from '../cloud/context.ts'
import { forbidden } from '../kernel/errors.ts'

export interface AttributeQuestion {
  readonly action: string
  readonly target: Target
  /** What the attributes' rules are asked about, where that is something else. */
  readonly attributeTarget?: Target
  readonly given: object
  readonly rules: Readonly<Record<string, string>>
}

/**
 * Refuses unless the asker may do `action` to this target, and may set every attribute of `given` that has a rule of
 * its own (`create_network:shared`). `rules` says which attributes have.
 */
export function enforceAttributes(ctx: CloudContext, { action, target, attributeTarget = target, given, rules }: AttributeQuestion): void {
  const needed = [...new Set(Object.keys(given).flatMap((name) => (Object.hasOwn(rules, name) ? `${action}:${rules[name]!}` : [])))]
  const names = [action, ...needed]
  if (names.every((name) => ctx.policy.allows(ctx.subject, name, name === action ? target : attributeTarget))) return
  const said = names.map((name) => `rule:${name}`)
  throw forbidden(`${said.length > 1 ? `(${said.join(' and ')})` : said[0]!} is disallowed by policy`, { type: 'PolicyNotAuthorized' })
}
