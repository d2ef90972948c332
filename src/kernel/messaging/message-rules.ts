import type { Message } from './messaging.ts'

/** Deliveries before a message is set aside, unless the receiver says otherwise. */
export const defaultMaxDeliveries = 20

/** Where messages go that nobody could handle. */
export const deadOf = (mailbox: string) => `dead.${mailbox}`

/** A dead letter must not die again: there is nowhere further to go. */
export const isDead = (mailbox: string) => mailbox.startsWith('dead.')

const maxBodyBytes = 1024 * 1024

/** The body as JSON text. Throws a TypeError for what no queue could carry: those are mistakes in the program, not outages. */
export function encodeMessage(mailbox: string, message: Message): string {
  checkName(mailbox)
  if (!/^[^\p{Cc}]{1,200}$/u.test(message.id)) throw new TypeError('a message id has 1 to 200 characters and no control character')
  const text = JSON.stringify(message.body) as string | undefined
  if (text === undefined) throw new TypeError(`message ${message.id} has a body that JSON cannot carry`)
  if (Buffer.byteLength(text) > maxBodyBytes) throw new TypeError(`message ${message.id} is larger than ${maxBodyBytes} bytes`)
  return text
}

/** Names of mailboxes and roles: short, since AMQP allows 255 bytes, and plain, since operators type them. */
export function checkName(name: string) {
  if (!/^[\w.:@-]{1,200}$/.test(name)) throw new TypeError(`not a name for a mailbox or role: ${JSON.stringify(name)}`)
}
