import type { Messaging, MessagingOptions } from './messaging.ts'
import { openPostgresMessaging, type PostgresMessagingOptions } from './postgres.ts'
import { openRabbitMessaging } from './rabbitmq.ts'

type Driver = (options: MessagingOptions & PostgresMessagingOptions) => Promise<Messaging>

const drivers: Readonly<Record<string, Driver>> = {
  amqp: openRabbitMessaging,
  amqps: openRabbitMessaging,
  postgres: openPostgresMessaging,
  postgresql: openPostgresMessaging,
}

/**
 * Opens the message queue that a URL names: amqp:// for RabbitMQ, postgres:// for one on PostgreSQL. Throws an Error that says what to do
 * for any other; it never holds the URL, which may carry a password.
 */
export async function openMessaging(options: MessagingOptions & PostgresMessagingOptions): Promise<Messaging> {
  const scheme = /^([a-z][a-z0-9+]*):\/\//.exec(options.url)?.[1] ?? ''
  const driver = drivers[scheme]
  if (driver) return driver(options)
  if (/^(mysql|mariadb)/.test(scheme)) {
    throw new Error(
      'MariaDB and MySQL can not be the message queue, since they can not tell a waiting process of new messages. Set a queue of its own: amqp://user:password@host/vhost',
    )
  }
  throw new Error(
    `a message queue has a URL of the form amqp://… or postgres://…, not ${scheme ? `${scheme}://…` : 'one without a scheme'}`,
  )
}
