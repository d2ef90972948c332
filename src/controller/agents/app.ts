import { Type, type Static } from 'typebox'
import { invalid, notFound, unauthenticated, type FaultKind } from '../../kernel/errors.ts'
import { noContent, ok } from '../../kernel/http/answer.ts'
import { isSameSecret } from '../../kernel/same-secret.ts'
import type { App } from '../../kernel/http/app.ts'
import { readBody } from '../../kernel/http/body.ts'
import { routesFor, type RequestContext } from '../../kernel/http/route.ts'
import { assertValid } from '../../kernel/http/schema.ts'
import { dropKept, keptMessages } from '../../kernel/messaging/kept-messages.ts'
import { hostKey } from '../../topology/agents-door.ts'
import { ordersMailbox } from '../../topology/mailboxes.ts'
import type { AgentsWay } from './way.ts'

const Id = Type.String({ minLength: 1, maxLength: 200 })
const Ids = Type.Array(Id, { maxItems: 100 })

/** `done`: orders that the host has finished with; `held`: those that it is at. Neither comes again. */
const Asking = Type.Object({ done: Ids, held: Ids, limit: Type.Integer({ minimum: 0, maximum: 100 }) })
const Letter = Type.Object({ id: Id, body: Type.Unknown() })

/** A message has at most 1 MiB, and its envelope a little. */
const maxLetterBytes = 1024 * 1024 + 1024

const statuses: Partial<Record<FaultKind, [code: number, title: string]>> = {
  invalid: [400, 'Bad Request'],
  unauthenticated: [401, 'Unauthorized'],
  notFound: [404, 'Not Found'],
  methodNotAllowed: [405, 'Method Not Allowed'],
  tooLarge: [413, 'Content Too Large'],
  unsupportedMedia: [415, 'Unsupported Media Type'],
  unavailable: [503, 'Service Unavailable'],
}

const { plain } = routesFor<RequestContext>()

/** What controllers serve to the agents of hosts while the queue is away. No service of the cloud: it is in no catalog and takes no token. */
export const agentsApp = (way: AgentsWay, secret: string): App => ({
  name: 'agents',
  routes: [
    plain('POST /:host/orders', {
      rule: 'own host',
      body: Asking,
      async run(ctx, _db, { params, body: { done, held, limit } }) {
        const mailbox = ordersMailbox(params.host)
        await dropKept(ctx, mailbox, done)
        return ok({ messages: await keptMessages(ctx, mailbox, held, limit) })
      },
    }),
    plain('POST /:host/mailboxes/:mailbox', {
      rule: 'own host',
      raw: true,
      async run(_ctx, _db, { params, incoming }) {
        const letter = letterOf(await readBody(incoming, maxLetterBytes))
        if (!(await way.deliver(params.mailbox, letter))) throw notFound('This controller receives no such mailbox.')
        return noContent()
      },
    }),
  ],
  authenticate: async (ctx) => ctx,
  // The path says whose key it must be, so that one host's does for no other.
  authorize({ request }, _rule, { host = '' }) {
    if (!isSameSecret(request.headers.authorization ?? '', `Bearer ${hostKey(secret, host)}`))
      throw unauthenticated("This is for the host's own agent.", { headers: { 'www-authenticate': 'Bearer' } })
  },
  fault({ kind, message, details }) {
    const [code, title] = statuses[kind] ?? [500, 'Internal Server Error']
    return { status: code, headers: { ...details.headers }, body: { error: { code, title, message } } }
  },
  headers: () => ({}),
})

// Unlike a request of a user it may hold any character, as a message of the queue may.
function letterOf(raw: Buffer): Static<typeof Letter> {
  const letter = parsed(raw)
  assertValid(Letter, 'body', letter)
  return letter as Static<typeof Letter>
}

function parsed(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString())
  } catch {
    throw invalid('The body is not JSON.')
  }
}
