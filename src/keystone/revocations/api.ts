import { Type } from 'typebox'
import { route } from '../../cloud/service.ts'
import { forbidden, gone, invalid } from '../../kernel/errors.ts'
import { ok } from '../../kernel/http/answer.ts'
import { selfLink, text } from '../lists.ts'
import { momentIn } from '../moments.ts'
import { revocationsSince } from './store.ts'

/** What ended tokens, for services that check them by themselves. */
export const revocations = [
  route('GET /v3/OS-REVOKE/events', {
    rule: 'identity:list_revoke_events',
    query: Type.Object({ since: text }),
    run: async (ctx, db, { query: { since } }) => {
      const moment = since === undefined ? undefined : momentIn(since)
      if (since !== undefined && moment === undefined) throw invalid(`invalidate date format ${since}`)
      const events = (await revocationsSince(db, moment)).map(({ field, value, revoked_at }) => ({
        [field]: value,
        issued_before: `${revoked_at}Z`,
        revoked_at: `${revoked_at}Z`,
      }))
      return ok({ events, links: { next: null, self: selfLink(ctx), previous: null } })
    },
  }),
]

// What was for tokens that were signed documents. keystone/api/os_simple_cert.py: 410
const noCertificates = () => {
  throw gone('This API is no longer available due to the removal of support for PKI tokens.')
}

/** Certificates that keystone once had. */
export const certificates = [
  route('GET /v3/auth/tokens/OS-PKI/revoked', {
    rule: 'public',
    run() {
      throw forbidden('You are not authorized to perform the requested action.')
    },
  }),
  route('GET /v3/OS-SIMPLE-CERT/ca', { rule: 'public', run: noCertificates }),
  route('GET /v3/OS-SIMPLE-CERT/certificates', { rule: 'public', run: noCertificates }),
]
