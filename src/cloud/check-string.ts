import { isAdmin, type Subject } from './context.ts'

/** What a rule is asked about: `project_id`, `user_id`, and whatever else its resource has. */
export type Target = Readonly<Record<string, unknown>>

export interface Question {
  readonly subject: Subject
  readonly target: Target
  /** Answers `rule:name`. */
  readonly rule: (name: string) => boolean
}

/** A check as data: `holds` says yes or no, and `policy.ts` can tell why. */
export type Check =
  | { readonly kind: 'any' | 'all'; readonly parts: readonly Check[] }
  | { readonly kind: 'not'; readonly part: Check }
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'role'; readonly role: string }
  /** What the subject has under this name, or these very words, is what the target has. */
  | { readonly kind: 'same'; readonly left: string; readonly right: string }

/** Answers a check. */
export function holds(check: Check, question: Question): boolean {
  switch (check.kind) {
    case 'any':
      return check.parts.some((part) => holds(part, question))
    case 'all':
      return check.parts.every((part) => holds(part, question))
    case 'not':
      return !holds(check.part, question)
    case 'constant':
      return check.value
    case 'rule':
      return question.rule(check.name)
    case 'role':
      return hasRole(check.role, question)
    case 'same':
      return isSame(check, question)
  }
}

function hasRole(role: string, { subject, target }: Question): boolean {
  const wanted = String(substitute(role, target) ?? '').toLowerCase()
  return subject.roles.some((one) => one.toLowerCase() === wanted)
}

function isSame({ left, right }: { left: string; right: string }, { subject, target }: Question): boolean {
  const credentials = credentialsOf(subject)
  // What a token has not is None: `domain_id:None` is said of one that is for no domain.
  if (right === 'None' && Object.hasOwn(credentials, left)) return credentials[left] === undefined
  const have = left.startsWith("'") ? left.slice(1, -1) : credentials[left]
  const want = substitute(right, target)
  return have !== undefined && want !== undefined && have === String(want)
}

function substitute(match: string, target: Target): unknown {
  const name = /^%\(([\w.]+)\)s$/.exec(match)?.[1]
  if (!name) return match
  if (name in target) return target[name] ?? undefined
  return name.split('.').reduce<any>((at, part) => at?.[part], target) ?? undefined
}

function credentialsOf(subject: Subject): Readonly<Record<string, string | undefined>> {
  return {
    user_id: subject.userId,
    user_domain_id: subject.userDomainId,
    project_id: subject.projectId,
    tenant_id: subject.projectId,
    tenant: subject.projectId,
    project_domain_id: subject.projectDomainId,
    domain_id: subject.domainId,
    system_scope: subject.systemScope ? 'all' : undefined,
    is_admin: isAdmin(subject) ? 'True' : 'False',
    is_admin_project: 'True',
  }
}

const tokenPattern = /\s*(\(|\)|[^\s()]*%\([\w.]+\)s|'[^']*':\S+?(?=[\s)]|$)|[^\s()]+)/y

/**
 * Parses a check in oslo.policy's language: `role:admin or (role:member and project_id:%(project_id)s)`, `rule:x`,
 * `not`, `@` (always), `!` and the empty check's opposite. Throws an Error that quotes the check when it can't be read.
 */
export function parseCheck(text: string): Check {
  if (text.trim() === '') return { kind: 'constant', value: true }
  const tokens = tokensOf(text)
  let at = 0
  const peek = () => tokens[at]?.toLowerCase()
  const fail = (): never => {
    throw new Error(`this policy check can not be read: ${text}`)
  }
  const joined = (word: 'or' | 'and', kind: 'any' | 'all', next: () => Check): Check => {
    const parts = [next()]
    while (peek() === word) {
      at++
      parts.push(next())
    }
    return parts.length === 1 ? parts[0]! : { kind, parts }
  }
  const either = (): Check => joined('or', 'any', both)
  const both = (): Check => joined('and', 'all', single)
  const single = (): Check => {
    const token = tokens[at++] ?? fail()
    if (token.toLowerCase() === 'not') return { kind: 'not', part: single() }
    if (token !== '(') return atom(token) ?? fail()
    const inner = either()
    return tokens[at++] === ')' ? inner : fail()
  }
  const check = either()
  return at === tokens.length ? check : fail()
}

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  tokenPattern.lastIndex = 0
  for (let found = tokenPattern.exec(text); found; found = tokenPattern.exec(text)) tokens.push(found[1]!)
  return tokens
}

function atom(token: string): Check | undefined {
  if (token === '@') return { kind: 'constant', value: true }
  if (token === '!') return { kind: 'constant', value: false }
  const colon = token.indexOf(':')
  if (colon <= 0) return undefined
  const [kind, match] = [token.slice(0, colon), token.slice(colon + 1)]
  if (kind === 'rule') return { kind, name: match }
  if (kind === 'role') return { kind, role: match }
  return { kind: 'same', left: kind, right: match }
}
