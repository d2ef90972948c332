import type { Channel } from 'rabbitmq-client'
import type { Ids } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Bells } from './bells.ts'
import type { Kept } from './keep-open.ts'
import { bellExchange, type RabbitSession } from './rabbitmq-session.ts'

/** A bell that nobody has heard for so long need not be heard any more: whoever missed it looks by himself. */
const bellLifeMs = 5000

/** Rings bells without waiting for an answer. Those that come in one turn of the event loop for one role are one. */
export function openRabbitRinger(line: Kept<RabbitSession>, log: Log): (role: string) => void {
  const waiting = new Set<string>()
  const flush = () => {
    const roles = [...waiting]
    waiting.clear()
    const session = line.current()
    if (!session || session.isBlocked()) return
    for (const role of roles) {
      session.channel
        .basicPublish({ exchange: bellExchange, routingKey: role, expiration: `${bellLifeMs}` }, role)
        .catch((error: Error) => {
          log.debug({ role, reason: error.message }, 'a bell is lost')
        })
    }
  }
  return (role) => {
    if (waiting.size === 0) setImmediate(flush)
    waiting.add(role)
  }
}

/** Hears bells in a queue that lives as long as the connection. */
export function openRabbitHearing(bells: Bells, ids: Ids) {
  const queues = new WeakMap<Channel, string>()
  const bind = (channel: Channel, roles: readonly string[]) =>
    Promise.all(roles.map((role) => channel.queueBind({ queue: queues.get(channel) ?? '', exchange: bellExchange, routingKey: role })))
  return {
    /** Sets a channel up for hearing. */
    async prepare(channel: Channel): Promise<void> {
      const queue = `skykeel.bell.${ids.uuid()}`
      queues.set(channel, queue)
      await channel.queueDeclare({ queue, exclusive: true, autoDelete: true, arguments: { 'x-max-length': 1000 } })
      await bind(channel, bells.roles())
      await channel.basicConsume({ queue, noAck: true }, ({ routingKey }) => bells.rang(routingKey))
    },
    /** Hears these roles too. */
    async add(session: RabbitSession | undefined, roles: readonly string[]): Promise<void> {
      if (session) await bind(session.channel, roles)
    },
  }
}
