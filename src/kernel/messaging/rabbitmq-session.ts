import { Connection } from 'rabbitmq-client'
import type { Channel } from 'rabbitmq-client'
import type { Clock } from '../clock.ts'
import type { Session } from './keep-open.ts'
import { withDeadline } from './waiting.ts'

/** One connection to one broker, with a channel that is there as long as the connection. */
export interface RabbitSession extends Session {
  readonly channel: Channel
  /** One more channel, for work that must not keep the other from its own: a broker does one thing after the other on each. */
  openChannel(): Promise<Channel>
  /** The broker is short of memory or disk and takes nothing in for now; that is no reason to leave it. */
  isBlocked(): boolean
  /** Makes the mailbox if it is not there; asks the broker once a connection. */
  declareMailbox(name: string): Promise<void>
  /** The mailbox turned out to be gone: the next `declareMailbox` asks again. */
  forgetMailbox(name: string): void
}

export interface RabbitSessionOptions {
  readonly url: string
  readonly name: string
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Sets the channel up before anybody uses it. */
  readonly prepare: (channel: Channel) => Promise<void>
}

/** Bells go through this; the routing key is the role. */
export const bellExchange = 'skykeel.bell'

/** A fresh queue is used so much later: RabbitMQ writes down where its log is half a second after the fact, and a queue without that does not survive a crash. */
const settleMs = 1000
const connectTimeoutMs = 2000
const checkTimeoutMs = 2000
/** Our own count decides when a message dies, since each receiver has its own limit; a queue's could not be changed later. RabbitMQ 4 would take 20. */
const noDeliveryLimit = 1_000_000_000

/** Connects to one host; rejects when it cannot be reached in two seconds. */
export async function openRabbitSession({ url, name, clock, signal, prepare }: RabbitSessionOptions): Promise<RabbitSession> {
  // It would reconnect by itself, but not to the next host, nor away from a frozen one: so it never gets to.
  const connection = new Connection({
    url,
    connectionName: name,
    noDelay: true,
    // A frozen receiver gives back what it holds after two of these, in seconds.
    heartbeat: 2,
    maxChannels: 0xffff,
    connectionTimeout: connectTimeoutMs,
    retryLow: 60_000,
    retryHigh: 60_000,
  })
  const { promise: ended, resolve: end } = Promise.withResolvers<Error>()
  const drop = (reason: Error) => {
    end(reason)
    connection.unsafeDestroy()
  }
  let blocked = false
  connection.on('error', drop)
  connection.on('connection.blocked', () => (blocked = true))
  connection.on('connection.unblocked', () => (blocked = false))

  const abort = () => drop(new Error('closed'))
  signal.addEventListener('abort', abort, { once: true })
  const failed = ended.then((reason) => {
    throw reason
  })
  failed.catch(() => {})
  let channel: Channel
  try {
    signal.throwIfAborted()
    channel = await withDeadline(
      clock,
      connectTimeoutMs,
      'connecting to RabbitMQ',
      Promise.race([mainChannel(connection, prepare), failed]),
    )
  } catch (error) {
    drop(error as Error)
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
  let leaving = false
  channel.on('error', drop)
  // When the whole connection breaks, its channels hear of it first; its own error says more.
  channel.once('close', () => leaving || setImmediate(drop, new Error('RabbitMQ closed the channel')))

  const declared = new Map<string, Promise<void>>()
  function declareMailbox(mailbox: string): Promise<void> {
    let work = declared.get(mailbox)
    if (!work) {
      declared.set(mailbox, (work = declareQueue(connection, clock, mailbox)))
      work.catch(() => declared.delete(mailbox))
    }
    return work
  }

  async function check() {
    if (blocked) return
    await withDeadline(
      clock,
      checkTimeoutMs,
      'a sign of life from RabbitMQ',
      channel.exchangeDeclare({ exchange: bellExchange, passive: true }),
    )
  }

  async function goodbye() {
    leaving = true
    await channel.close()
    await connection.close()
  }

  return {
    channel,
    openChannel: () => newChannel(connection),
    ended,
    drop,
    check,
    end: goodbye,
    isBlocked: () => blocked,
    declareMailbox,
    forgetMailbox: (mailbox) => void declared.delete(mailbox),
  }
}

/** Errors of a channel are told to who waits for its answer, and end the channel; nobody else need hear of them. */
async function newChannel(connection: Connection): Promise<Channel> {
  const channel = await connection.acquire({ emitErrorsFromChannel: true })
  channel.on('error', () => {})
  return channel
}

async function mainChannel(connection: Connection, prepare: (channel: Channel) => Promise<void>): Promise<Channel> {
  const channel = await newChannel(connection)
  await channel.exchangeDeclare({ exchange: bellExchange, type: 'direct', durable: true })
  await prepare(channel)
  return channel
}

async function declareQueue(connection: Connection, clock: Clock, queue: string): Promise<void> {
  if (await onChannel(connection, (channel) => exists(channel, queue))) return
  const settings = { 'x-queue-type': 'quorum', 'x-delivery-limit': noDeliveryLimit } as const
  await onChannel(connection, (channel) => channel.queueDeclare({ queue, durable: true, arguments: settings }))
  await clock.sleep(settleMs)
}

async function exists(channel: Channel, queue: string): Promise<boolean> {
  try {
    await channel.queueDeclare({ queue, passive: true })
    return true
  } catch (error) {
    if ((error as { code?: string }).code === 'NOT_FOUND') return false
    throw error
  }
}

/** On a channel of its own, since a refusal closes the channel. */
async function onChannel<T>(connection: Connection, act: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await newChannel(connection)
  try {
    return await act(channel)
  } finally {
    await channel.close()
  }
}
