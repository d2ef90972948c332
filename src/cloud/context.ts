import type { RequestContext } from '../kernel/http/route.ts'
import type { AccessRule } from './access-rules.ts'
import type { Policy } from './policy.ts'

/** Who asks, as a token says it. */
export interface Subject {
  readonly userId: string
  readonly userName: string
  readonly userDomainId: string
  /** The project that the token is for; absent for domain, system and unscoped tokens. */
  readonly projectId?: string
  readonly projectName?: string
  readonly projectDomainId?: string
  /** The domain that the token is for. */
  readonly domainId?: string
  readonly systemScope: boolean
  /** Names of roles, implied ones included. */
  readonly roles: readonly string[]
  readonly expiresAt: Date
  /** The token's own chain of audit ids, oldest last. */
  readonly auditIds: readonly string[]
  /** The application credential that he came by. */
  readonly applicationCredential?: {
    readonly id: string
    /** Whether he may make others. */
    readonly unrestricted: boolean
    /** All that he may do with it; everything where they are absent. */
    readonly accessRules?: readonly (AccessRule & { readonly id: string })[]
  }
  /** The trust that he came by. */
  readonly trustId?: string
  /** The access token of OAuth that he came by. */
  readonly accessTokenId?: string
}

/** The context in which every handler of a service runs. */
export interface CloudContext extends RequestContext {
  /** Absent only on public routes. */
  readonly subject: Subject
  readonly policy: Policy
}

/** Whether he may do everything in the whole cloud. Who is admin on a domain is one inside of that domain only. */
export const isAdmin = (subject: Subject): boolean => subject.roles.includes('admin') && subject.domainId === undefined

/** The project that the request works in; '' with a token that has none, so that nothing is ever found for it. */
export const projectOf = (ctx: CloudContext): string => ctx.subject.projectId ?? ''
