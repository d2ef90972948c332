import { forbidden } from '../kernel/errors.ts'
import { holds, parseCheck, type Check, type Question, type Target } from './check-string.ts'
import type { Subject } from './context.ts'

/** One rule as a service declares it: who may do it unless the operator's policy.yaml says otherwise. */
export interface PolicyRule {
  readonly name: string
  readonly check: string
  /** For people: what it guards. */
  readonly description?: string
}

export interface Policy {
  /** Whether the rule allows it. A rule that nobody declared allows nothing. */
  allows(subject: Subject, rule: string, target: Target): boolean
  /** Why it is so; undefined for a rule that nobody declared. */
  explain(subject: Subject, rule: string, target: Target): Reason | undefined
  /** The check of a rule as it is written: the operator's, if he has one of his own. */
  checkOf(rule: string): string | undefined
  readonly rules: ReadonlyMap<string, PolicyRule>
}

/** A part of a check, and whether it holds. */
export interface Reason {
  readonly text: string
  readonly holds: boolean
  readonly because: readonly Reason[]
}

/** Rules refer to rules; an operator's may do so in a circle. */
const maxDepth = 20

/**
 * The rules that all services share: the new default roles of OpenStack (admin, manager, member, reader; scopes). An admin is one of the whole cloud
 * in a project or on the system; with a token for a domain he is none, and keystone alone lets him do more, inside of that domain.
 */
export const sharedRules: readonly PolicyRule[] = [
  { name: 'admin_required', check: 'role:admin and domain_id:None' },
  { name: 'context_is_admin', check: 'rule:admin_required' },
  { name: 'service_role', check: 'role:service' },
  { name: 'owner', check: 'user_id:%(user_id)s' },
  { name: 'project_manager', check: 'role:manager and project_id:%(project_id)s' },
  { name: 'project_member', check: 'role:member and project_id:%(project_id)s' },
  { name: 'project_reader', check: 'role:reader and project_id:%(project_id)s' },
  { name: 'project_manager_or_admin', check: 'rule:project_manager or rule:admin_required' },
  { name: 'project_member_or_admin', check: 'rule:project_member or rule:admin_required' },
  { name: 'project_reader_or_admin', check: 'rule:project_reader or rule:admin_required' },
  { name: 'system_reader', check: 'role:reader and system_scope:all' },
]

/** Reads rules and the operator's overrides (name → check). Throws for a check that can't be read. A name of the operator's own is a rule that others may refer to. */
export function openPolicy(rules: readonly PolicyRule[], overrides: Readonly<Record<string, string>> = {}): Policy {
  const declared = new Map([...sharedRules, ...rules].map((rule) => [rule.name, rule]))
  const checks = new Map<string, Check>()
  for (const rule of declared.values()) checks.set(rule.name, parseCheck(overrides[rule.name] ?? rule.check))
  for (const [name, check] of Object.entries(overrides)) if (!checks.has(name)) checks.set(name, parseCheck(check))
  const allows = (subject: Subject, rule: string, target: Target, depth = 0): boolean => {
    const check = checks.get(rule)
    if (!check || depth > maxDepth) return false
    return holds(check, { subject, target, rule: (name) => allows(subject, name, target, depth + 1) })
  }
  const explain = (subject: Subject, rule: string, target: Target): Reason | undefined => {
    const question = { subject, target, rule: (name: string) => allows(subject, name, target) }
    return checks.has(rule) ? reasonOf({ kind: 'rule', name: rule }, question, checks) : undefined
  }
  const checkOf = (rule: string) => overrides[rule] ?? declared.get(rule)?.check
  return { allows, explain, checkOf, rules: declared }
}

function reasonOf(check: Check, question: Question, checks: ReadonlyMap<string, Check>, depth = 0): Reason {
  const parts = partsOf(check, checks)
  const because = depth > maxDepth ? [] : parts.map((part) => reasonOf(part, question, checks, depth + 1))
  return { text: textOf(check), holds: holds(check, question), because }
}

function partsOf(check: Check, checks: ReadonlyMap<string, Check>): readonly Check[] {
  if (check.kind === 'rule') return [checks.get(check.name)].filter((one) => one !== undefined)
  if (check.kind === 'not') return [check.part]
  return 'parts' in check ? check.parts : []
}

const texts: { readonly [K in Check['kind']]: (check: Extract<Check, { kind: K }>) => string } = {
  any: () => 'any of',
  all: () => 'all of',
  not: () => 'not',
  constant: ({ value }) => (value ? '@' : '!'),
  rule: ({ name }) => `rule:${name}`,
  role: ({ role }) => `role:${role}`,
  same: ({ left, right }) => `${left}:${right}`,
}

const textOf = (check: Check): string => (texts[check.kind] as (check: Check) => string)(check)

/** A target that belongs to the one who asks: what a rule means before there is a resource. */
export const ownTarget = (subject: Subject): Target => ({
  project_id: subject.projectId,
  tenant_id: subject.projectId,
  user_id: subject.userId,
  domain_id: subject.domainId,
  project_domain_id: subject.projectDomainId,
})

/** What OpenStack says to who may not do something: a rule's name, or what he wanted in words. */
export const notAuthorized = (action: string): string => `You are not authorized to perform the requested action: ${action}.`

/** Refuses with `forbidden` unless the rule allows it for this target; `wording` makes the service's own sentence. */
export function enforce(
  ctx: { subject: Subject; policy: Policy },
  rule: string,
  target: Target = ownTarget(ctx.subject),
  wording = notAuthorized,
): void {
  if (!ctx.policy.allows(ctx.subject, rule, target)) throw forbidden(wording(rule), { type: 'policy' })
}
