import type { Target } from '../cloud/check-string.ts'
import type { CloudContext } from '../cloud/context.ts'
import { forbidden } from '../kernel/errors.ts'

/**
 * Refuses unless the asker may do `action` to this target, and may set every attribute of `given` that has a rule of
 * its own (`create_network:shared`). `rules` says which attributes have.
 */
export function enforceAttributes(
  ctx: CloudContext,
  { action, target, given, rules }: { action: string; target: Target; given: object; rules: Readonly<Record<string, string>> },
): void {
  const needed = [...new Set(Object.keys(given).flatMap((name) => (Object.hasOwn(rules, name) ? `${action}:${rules[name]!}` : [])))]
  const names = [action, ...needed]
  if (names.every((name) => ctx.policy.allows(ctx.subject, name, target))) return
  const said = names.map((name) => `rule:${name}`)
  throw forbidden(`${said.length > 1 ? `(${said.join(' and ')})` : said[0]!} is disallowed by policy`, { type: 'PolicyNotAuthorized' })
}
