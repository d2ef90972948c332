import type { Clock, Ids } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import type { Messaging } from '../kernel/messaging/messaging.ts'
import type { Order } from '../kernel/sagas/orders.ts'
import { ordersMailbox } from '../topology/mailboxes.ts'
import type { Driver, Resources } from './drivers/driver.ts'
import { openHeartbeat } from './heartbeat.ts'
import { openLedger, type Entry } from './ledger.ts'
import { openNotebook, type Notebook } from './notebook.ts'
import { reporter } from './report.ts'
import { openOrderTaker } from './take-order.ts'

/** A host that the agent speaks for. */
export interface HostSpec {
  readonly name: string
  readonly resources: Resources
}

export interface AgentOptions {
  readonly messaging: Messaging
  readonly log: Log
  readonly clock: Clock
  readonly ids: Ids
  /** The agent's own name among agents. */
  readonly name: string
  readonly hosts: readonly HostSpec[]
  readonly driver: Driver
  /** Where it remembers the orders that it took; in memory when left out. */
  readonly stateDir?: string | undefined
  /** The same, for a simulation that keeps it elsewhere. */
  readonly notes?: Notebook<Entry>
  readonly heartbeatMs?: number
  readonly guestsEveryMs?: number
}

export interface Agent {
  /** Takes no more orders; resolves when those that run have ended. Guests run on. */
  stop(): Promise<void>
}

/** Orders that one host carries out at the same time. */
const concurrency = 4
/** How long a guest that is gone is remembered, so that late orders for it stay void, in days. */
const memoryDays = 7

/** Opens an agent: it takes the orders of its hosts, carries them out, and reports. */
export async function openAgent(options: AgentOptions): Promise<Agent> {
  const { messaging, log, clock, ids, driver, hosts } = options
  const ledger = openLedger(options.notes ?? (await openNotebook<Entry>(options.stateDir, 'orders')), clock)
  await ledger.forget(memoryDays, (host, subject) => driver.guests(host).includes(subject))
  const stopping = new AbortController()
  const report = reporter({ messaging, log, clock, ids, signal: stopping.signal })
  const taker = openOrderTaker({ driver, ledger, report, log })
  const heartbeat = openHeartbeat({ ...options, ledger, signal: stopping.signal })
  const subscriptions = await Promise.all(
    hosts.map((host) =>
      messaging.receive(ordersMailbox(host.name), { concurrency }, (message) => taker.take(host.name, message.body as Order)),
    ),
  )
  return {
    async stop() {
      stopping.abort()
      await Promise.all([heartbeat.stopped, ...subscriptions.map((subscription) => subscription.stop())])
    },
  }
}
