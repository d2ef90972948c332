import type { Subject } from './context.ts'

/** What a rule is asked about: `project_id`, `user_id`, and whatever else its resource has. */
export type Target = Readonly<Record<string, unknown>>

export interface Question {
  readonly subject: Subject
  readonly target: Target
  /** Answers `rule:name`. */
  readonly rule: (name: string) => boolean
}

/** A parsed check: says yes or no. */
export type Check = (question: Question) => boolean

const tokenPattern = /\s*(\(|\)|[^\s()]*%\([\w.]+\)s|'[^']*':\S+?(?=[\s)]|$)|[^\s()]+)/y

/**
 * Parses a check in oslo.policy's language: `role:admin or (role:member and project_id:%(project_id)s)`, `rule:x`,
 * `not`, `@` (always), `!` and the empty check's opposite. Throws an Error that quotes the check when it can't be read.
 */
export function parseCheck(text: string): Check {
  if (text.trim() === '') return () => true
  const tokens = tokensOf(text)
  let at = 0
  const peek = () => tokens[at]?.toLowerCase()
  const fail = (): never => {
    throw new Error(`this policy check can not be read: ${text}`)
  }
  const either = (): Check => {
    const parts = [both()]
    while (peek() === 'or') {
      at++
      parts.push(both())
    }
    return parts.length === 1 ? parts[0]! : (question) => parts.some((part) => part(question))
  }
  const both = (): Check => {
    const parts = [single()]
    while (peek() === 'and') {
      at++
      parts.push(single())
    }
    return parts.length === 1 ? parts[0]! : (question) => parts.every((part) => part(question))
  }
  const single = (): Check => {
    const token = tokens[at++] ?? fail()
    if (token.toLowerCase() === 'not') {
      const inner = single()
      return (question) => !inner(question)
    }
    if (token === '(') {
      const inner = either()
      if (tokens[at++] !== ')') fail()
      return inner
    }
    return atom(token) ?? fail()
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
  if (token === '@') return () => true
  if (token === '!') return () => false
  const colon = token.indexOf(':')
  if (colon <= 0) return undefined
  const kind = token.slice(0, colon)
  const match = token.slice(colon + 1)
  if (kind === 'rule') return ({ rule }) => rule(match)
  if (kind === 'role') {
    const wanted = match.toLowerCase()
    return ({ subject, target }) => {
      const name = wanted.startsWith('%(') ? String(substitute(match, target) ?? '').toLowerCase() : wanted
      return subject.roles.some((role) => role.toLowerCase() === name)
    }
  }
  return ({ subject, target }) => {
    const left = kind.startsWith("'") ? kind.slice(1, -1) : credential(subject, kind)
    const right = substitute(match, target)
    return left !== undefined && right !== undefined && left === String(right)
  }
}

function substitute(match: string, target: Target): unknown {
  const name = /^%\(([\w.]+)\)s$/.exec(match)?.[1]
  if (!name) return match
  if (name in target) return target[name] ?? undefined
  return name.split('.').reduce<any>((at, part) => at?.[part], target) ?? undefined
}

function credential(subject: Subject, name: string): string | undefined {
  const credentials: Record<string, string | undefined> = {
    user_id: subject.userId,
    user_domain_id: subject.userDomainId,
    project_id: subject.projectId,
    tenant_id: subject.projectId,
    tenant: subject.projectId,
    project_domain_id: subject.projectDomainId,
    domain_id: subject.domainId,
    system_scope: subject.systemScope ? 'all' : undefined,
    is_admin: subject.roles.includes('admin') ? 'True' : 'False',
    is_admin_project: 'True',
  }
  return credentials[name]
}
