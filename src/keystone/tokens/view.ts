import { momentOf } from '../moments.ts'
import type { KnownCredential } from '../application-credentials/powers.ts'
import type { KnownTrust } from '../trusts/powers.ts'
import type { Described } from './state.ts'

/** A moment as keystone writes it: with microseconds. */
export const momentText = (seconds: number): string => `${momentOf(new Date(seconds * 1000))}Z`

/** The document of a token up to where the catalog may follow: `{"token":{…`, without its brackets' ends. */
export function tokenDocument({ payload, issuedSeconds, user, project, domain, roles, credential, trust, access }: Described): string {
  const isScoped = payload.scope.kind !== 'none'
  const token = {
    methods: payload.methods,
    user: { domain: user.domain, id: user.id, name: user.name, password_expires_at: user.passwordExpiresAt },
    audit_ids: payload.auditIds,
    expires_at: momentText(payload.expiresSeconds),
    issued_at: momentText(issuedSeconds),
    ...(project && { project: { domain: project.domain, id: project.id, name: project.name }, is_domain: false }),
    ...(domain && { domain }),
    ...(payload.scope.kind === 'system' && { system: { all: true } }),
    ...(isScoped && { roles }),
    ...(credential && { application_credential: credentialView(credential) }),
    ...(trust && { 'OS-TRUST:trust': trustView(trust) }),
    ...(access && { 'OS-OAUTH1': { access_token_id: access.id, consumer_id: access.consumerId } }),
  }
  return `{"token":${JSON.stringify(token).slice(0, -1)}`
}

const credentialView = ({ name, forSubject: { id, unrestricted, accessRules } }: KnownCredential) => ({
  ...{ id, name, restricted: !unrestricted },
  ...(accessRules && { access_rules: accessRules }),
})

const trustView = ({ id, impersonation, trustorId, trusteeId }: KnownTrust) => ({
  ...{ id, impersonation },
  trustee_user: { id: trusteeId },
  trustor_user: { id: trustorId },
})

/** The whole document; what is added to it is JSON already, or left out. */
export const wholeDocument = (document: string, added: Readonly<Record<string, string | undefined>>): string =>
  `${document}${Object.entries(added)
    .map(([name, value]) => (value === undefined ? '' : `,"${name}":${value}`))
    .join('')}}}`
