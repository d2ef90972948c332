import { hostsMailbox } from '../topology/mailboxes.ts'
import type { AgentOptions, HostSpec } from './agent.ts'
import type { Ledger } from './ledger.ts'

/** A message may have 1 MiB; a host with its guests is measured before it is put in. */
const maxMessageBytes = 512 * 1024

interface HeartbeatOptions extends AgentOptions {
  readonly ledger: Ledger
  readonly signal: AbortSignal
}

/** Says every second that the hosts are alive, and from time to time which guests they have. */
export function openHeartbeat(options: HeartbeatOptions): { readonly stopped: Promise<void> } {
  const { clock, log, signal, heartbeatMs = 1000, guestsEveryMs = 30_000 } = options
  const beat = async () => {
    let guestsAt = -Infinity
    while (!signal.aborted) {
      const now = clock.monotonicMs()
      const withGuests = now - guestsAt >= guestsEveryMs
      try {
        await sendAll(options, withGuests)
        if (withGuests) guestsAt = now
      } catch (error) {
        log.warn({ reason: (error as Error).message }, 'the hosts can not be heard')
      }
      await clock.sleep(Math.max(0, heartbeatMs - (clock.monotonicMs() - now)), signal).catch(() => {})
    }
  }
  return { stopped: beat() }
}

async function sendAll({ messaging, ids, name, hosts, driver, ledger }: HeartbeatOptions, withGuests: boolean): Promise<void> {
  const describe = (host: HostSpec) => ({
    name: host.name,
    driver: driver.name,
    resources: host.resources,
    ...(withGuests && { guests: driver.guests(host.name).map((id) => ({ id, fence: ledger.fenceOf(host.name, id) })) }),
  })
  const send = (some: readonly object[]) => messaging.send(hostsMailbox, { id: ids.uuid(), body: { agent: name, hosts: some } })
  let batch: object[] = []
  let bytes = 0
  for (const host of hosts) {
    const description = describe(host)
    const size = JSON.stringify(description).length
    if (bytes + size > maxMessageBytes && batch.length > 0) {
      await send(batch)
      batch = []
      bytes = 0
    }
    batch.push(description)
    bytes += size
  }
  if (batch.length > 0) await send(batch)
}
