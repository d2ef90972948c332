import type { Clock, Ids } from '../clock.ts'
import { batched } from './batched.ts'
import type { Kept } from './keep-open.ts'
import { isRefusal } from './postgres-session.ts'
import type { PostgresSession } from './postgres-session.ts'
import { insertMessages } from './postgres-statements.ts'
import { throughOutages } from './through-outages.ts'

/** A message as it is stored. */
export interface Letter {
  readonly id: string
  readonly mailbox: string
  readonly text: string
}

interface OutboxOptions {
  readonly line: Kept<PostgresSession>
  readonly clock: Clock
  readonly ids: Ids
  readonly timeoutMs: number
}

/** Stores letters; resolves when their transaction is committed. Goes on through lost connections for as long as it may. */
export function openOutbox(options: OutboxOptions): (letter: Letter) => Promise<void> {
  function insert(letters: readonly Letter[]) {
    const columns = [letters.map(({ id }) => id), letters.map(({ mailbox }) => mailbox), letters.map(({ text }) => text)]
    return throughOutages({ ...options, isRefusal }, (session, leftMs) => session.run(insertMessages, columns, leftMs))
  }
  const alone = batched<Letter>(1, insert)
  const together = batched<Letter>(100, insert)
  return async (letter) => {
    try {
      await together(letter)
    } catch (error) {
      // A letter that the database will not take must not take its batch down with it.
      if (!isRefusal(error)) throw error
      await alone(letter)
    }
  }
}
