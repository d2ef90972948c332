import { batched } from './batched.ts'
import type { Kept } from './keep-open.ts'
import { isRefusal } from './postgres-session.ts'
import type { PostgresSession } from './postgres-session.ts'
import { insertMessages } from './postgres-statements.ts'

/** A message as it is stored. */
export interface Letter {
  readonly id: string
  readonly mailbox: string
  readonly text: string
}

/** Stores letters; resolves when their transaction is committed. */
export function openOutbox(line: Kept<PostgresSession>, timeoutMs: number): (letter: Letter) => Promise<void> {
  async function insert(letters: readonly Letter[]) {
    const session = await line.ready(timeoutMs)
    const columns = [letters.map(({ id }) => id), letters.map(({ mailbox }) => mailbox), letters.map(({ text }) => text)]
    await session.run(insertMessages, columns, timeoutMs)
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
