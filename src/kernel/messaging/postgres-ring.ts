import type { Log } from '../log.ts'
import type { Kept } from './keep-open.ts'
import type { PostgresSession } from './postgres-session.ts'
import { ringBells } from './postgres-statements.ts'

const timeoutMs = 2000

/** Rings bells by NOTIFY, one statement at a time; bells of one role that come meanwhile are merged. Without a connection they are dropped. */
export function openRinger(line: Kept<PostgresSession>, log: Log): (role: string) => void {
  const waiting = new Set<string>()
  let ringing = false

  async function pump() {
    ringing = true
    for (let session = line.current(); session && waiting.size > 0; session = line.current()) {
      const roles = [...waiting]
      waiting.clear()
      try {
        await session.run(ringBells, [roles], timeoutMs)
      } catch (error) {
        log.debug({ roles, reason: (error as Error).message }, 'a bell is lost')
      }
    }
    waiting.clear()
    ringing = false
  }

  return (role) => {
    if (!line.current()) return
    waiting.add(role)
    if (!ringing) void pump()
  }
}
