import { Readable } from 'node:stream'
import { openPolicy } from '../../src/cloud/policy.ts'
import { appOf, type Service } from '../../src/cloud/service.ts'
import { apiOf, controllerRoles } from '../../src/topology/services.ts'
import { forWork, type Context } from '../../src/kernel/context.ts'
import { flatten } from '../../src/kernel/http/answer.ts'
import { handle } from '../../src/kernel/http/handle.ts'
import { routerOf } from '../../src/kernel/http/router.ts'
import { registryOf, type SagaDefinition } from '../../src/kernel/sagas/saga.ts'
import { openWorker } from '../../src/kernel/sagas/worker.ts'
import { policies as glancePolicies } from '../../src/glance/policies.ts'
import { openVault } from '../../src/kernel/vault.ts'
import { neutron } from '../../src/neutron/app.ts'
import { nova } from '../../src/nova/app.ts'
import { quietLog } from '../helpers/quiet-log.ts'
import { virtualDialect } from './database.ts'
import type { IncomingMessage } from 'node:http'
import type { Subject } from '../../src/cloud/context.ts'
import type { Ids } from '../../src/kernel/clock.ts'
import type { Messaging } from '../../src/kernel/messaging/messaging.ts'
import type { Db } from '../../src/kernel/sql/tables.ts'
import type { Life } from './stage.ts'

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With its service's prefix: /compute/v2.1/servers. */
  readonly path: string
  readonly body?: unknown
  readonly key: string
}

export interface Reply {
  readonly status: number
  readonly body: any
}

export interface SimulatedController {
  readonly life: Life
  /** What the front door answers. Never settles when the process dies first. */
  serve(request: Request): Promise<Reply>
}

export interface ControllerParts {
  readonly life: Life
  readonly db: Db
  readonly messaging: Messaging
  readonly ids: Ids
  readonly subject: Subject
  /** Changes the sagas, for tests that break them on purpose. */
  readonly sagas?: (sagas: readonly SagaDefinition[]) => readonly SagaDefinition[]
}

const vault = openVault('a secret that only tests may know, of 32 and more')
const served: readonly { readonly prefix: string; readonly service: Service }[] = [
  { prefix: '/compute', service: nova },
  { prefix: '/networking', service: neutron },
]
const policy = openPolicy([...glancePolicies, ...served.flatMap(({ service }) => service.policies)])

/**
 * One controller as `openController` composes it, with the simulation's clock, database and queue, and without the parts that servers
 * and ports need nothing of: sockets, identity, images, and the chores that forget what is days old.
 */
export async function openSimulatedController(parts: ControllerParts): Promise<SimulatedController> {
  const { life, db, messaging, ids, subject, sagas = (all) => all } = parts
  const ctx: Context = forWork(
    { db, dialect: virtualDialect, messaging, clock: life.clock, ids, log: quietLog, vault, requestId: '', patienceUntilMs: 0 },
    `req-${life.name}-start`,
  )
  const roles = new Set(controllerRoles)
  const definitions = sagas(served.flatMap(({ service }) => service.sagas ?? []))
  await openWorker(ctx, { registry: registryOf(definitions), roles, takesReports: true })
  await nova.background?.(ctx, roles, life.name)
  const mounts = served.map(({ prefix, service }) => {
    const app = appOf(service, { type: apiOf(service.name).type, tokens: async () => subject, policy })
    return { prefix, app, router: routerOf(app.routes) }
  })
  return {
    life,
    async serve({ method, path, body, key }) {
      const mount = mounts.find(({ prefix }) => path.startsWith(`${prefix}/`))!
      const rootUrl = 'http://cloud'
      const headers = { host: 'cloud', 'x-auth-token': 'token', 'content-type': 'application/json', 'idempotency-key': key }
      const incoming = Object.assign(Readable.from(body === undefined ? [] : [Buffer.from(JSON.stringify(body))]), { headers })
      const head = {
        method,
        path: path.slice(mount.prefix.length),
        search: new URLSearchParams(),
        headers,
        baseUrl: rootUrl + mount.prefix,
        rootUrl,
      }
      const { answer } = await handle(mount.app, mount.router, ctx, head, incoming as unknown as IncomingMessage, `req-${ids.uuid()}`)
      const flat = flatten(answer)
      return { status: flat.status, body: flat.body === '' ? undefined : JSON.parse(flat.body) }
    },
  }
}
