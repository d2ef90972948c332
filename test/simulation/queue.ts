import type { Message, Messaging } from '../../src/kernel/messaging/messaging.ts'
import { checkName, encodeMessage } from '../../src/kernel/messaging/message-rules.ts'
import type { Life, Stage } from './stage.ts'

/** How often the queue does what its contract allows it, from 0 to 1. */
export interface QueueHabits {
  readonly losesBells: number
  readonly delivers: { readonly twice: number }
}

interface Letter {
  readonly id: string
  readonly mailbox: string
  readonly text: string
  deliveries: number
}

interface Receiver {
  readonly life: Life
  readonly mailbox: string
  readonly concurrency: number
  readonly handle: (message: Message) => Promise<void>
  readonly holds: Map<Letter, number>
}

interface Listener {
  readonly life: Life
  readonly roles: ReadonlySet<string>
  readonly onRing: (role: string) => void
  readonly rung: Set<string>
}

export interface SimulatedQueue {
  /** The queue as this process sees it. */
  connect(life: Life): Messaging
  /** Letters in the mailboxes that this is true of, delivered or not. */
  waiting(which: (mailbox: string) => boolean): string[]
}

/** How long a frozen receiver keeps a letter from others, in milliseconds. */
const leaseMs = 5000

/** A queue that survives every process. Bells may be lost; letters come late, in any order, and more than once. */
export function simulatedQueue(stage: Stage, { losesBells, delivers }: QueueHabits): SimulatedQueue {
  const { chance } = stage
  const listeners = new Set<Listener>()
  const receivers = new Set<Receiver>()
  const letters = new Set<Letter>()
  const lying = new Set<Letter>()
  const post = stage.life('queue', { mortal: false })

  const offer = (letter: Letter) => {
    lying.delete(letter)
    void post.deed({ kind: 'delivery', what: `delivers ${letter.mailbox} ${letter.id}`, run: () => deliver(letter) })
  }
  const look = (mailbox: string) => {
    for (const letter of lying) if (letter.mailbox === mailbox) offer(letter)
  }

  // As a sender does whose confirmation was lost: the copy may come long after the first was acknowledged.
  const sendAgain = (letter: Letter) => {
    const copy = { ...letter, deliveries: 0 }
    letters.add(copy)
    stage.later(chance.below(8000), () => offer(copy))
  }

  const ableToTake = (letter: Letter) =>
    [...receivers].filter((one) => one.mailbox === letter.mailbox && one.holds.size < one.concurrency && !one.life.isFrozen())

  const deliver = (letter: Letter) => {
    if (!letters.has(letter)) return
    const able = ableToTake(letter)
    if (able.length === 0) return void lying.add(letter)
    const receiver = chance.oneOf(able)
    receiver.holds.set(letter, stage.nowMs)
    letter.deliveries++
    stage.say(receiver.life, `takes ${letter.id}`)
    if (chance.happens(delivers.twice)) sendAgain(letter)
    void attend(receiver, letter)
  }

  const attend = async (receiver: Receiver, letter: Letter) => {
    const { life, mailbox, handle } = receiver
    let isDone = true
    try {
      await handle({ id: letter.id, body: JSON.parse(letter.text) })
    } catch {
      isDone = false
    }
    await life.deed({
      kind: 'ack',
      what: `${isDone ? 'acknowledges' : 'gives back'} ${letter.id}`,
      run: () => {
        receiver.holds.delete(letter)
        if (isDone) letters.delete(letter)
        else stage.later(50 * 2 ** Math.min(letter.deliveries, 5), () => offer(letter))
      },
    })
    look(mailbox)
  }

  const letGo = (receiver: Receiver) => {
    for (const letter of receiver.holds.keys()) offer(letter)
    receiver.holds.clear()
  }

  stage.onDeath((life) => {
    for (const listener of listeners) if (listener.life === life) listeners.delete(listener)
    for (const receiver of receivers) {
      if (receiver.life !== life) continue
      receivers.delete(receiver)
      letGo(receiver)
    }
  })
  stage.onTime(() => {
    // One who was frozen when they came may take them now.
    for (const letter of lying) if (ableToTake(letter).length > 0) offer(letter)
    for (const receiver of receivers)
      if (receiver.life.isFrozen() && [...receiver.holds.values()].some((at) => stage.nowMs - at > leaseMs)) letGo(receiver)
  })

  return {
    waiting: (which) => [...letters].filter((letter) => which(letter.mailbox)).map(({ mailbox, id }) => `${id} in ${mailbox}`),
    connect: (life) => ({
      ring(role) {
        for (const listener of listeners) {
          if (!listener.roles.has(role) || listener.rung.has(role) || chance.happens(losesBells)) continue
          listener.rung.add(role)
          const hear = () => {
            listener.rung.delete(role)
            listener.onRing(role)
          }
          void listener.life.deed({ kind: 'bell', what: `hears the bell of ${role}`, run: hear })
        }
      },
      async listen(roles, onRing) {
        const listener: Listener = { life, roles: new Set(roles), onRing, rung: new Set() }
        listeners.add(listener)
        return { stop: async () => void listeners.delete(listener) }
      },
      send(mailbox, message) {
        const text = encodeMessage(mailbox, message)
        const store = () => {
          const letter: Letter = { id: message.id, mailbox, text, deliveries: 0 }
          letters.add(letter)
          offer(letter)
        }
        const broken = () => new Error('the queue does not confirm')
        return life.deed({ kind: 'send', what: `sends ${message.id} to ${mailbox}`, run: store, broken })
      },
      async receive(mailbox, { concurrency }, handle) {
        checkName(mailbox)
        const receiver: Receiver = { life, mailbox, concurrency, handle, holds: new Map() }
        receivers.add(receiver)
        look(mailbox)
        return { stop: async () => void receivers.delete(receiver) }
      },
      healthy: () => true,
      close: async () => {},
    }),
  }
}
