import { createRequire } from 'node:module'
import type mysql2 from 'mysql2/promise'
import type { GaleraControl } from './control.ts'
import type { NodeReport } from './decide.ts'

const require = createRequire(import.meta.url)
/** Only for the keeper, and only over the socket. */
export const keeperUser = 'skykeel_keeper'
const answerTimeoutMs = 1000

/** What the running mariadbd says of itself; undefined while it doesn't answer. Asks over its socket, as the keeper's own account. */
export async function stateOf({ name, socket, password }: GaleraControl): Promise<NodeReport | undefined> {
  const driver = require('mysql2/promise') as typeof mysql2
  let link: mysql2.Connection | undefined
  try {
    link = await driver.createConnection({ socketPath: socket, user: keeperUser, password, connectTimeout: answerTimeoutMs })
    const sql =
      "show global status where variable_name in ('wsrep_ready','wsrep_cluster_status','wsrep_cluster_state_uuid','wsrep_last_committed','wsrep_local_state','wsrep_cluster_size')"
    const [rows] = await link.query({ sql, timeout: answerTimeoutMs })
    const value = Object.fromEntries((rows as { Variable_name: string; Value: string }[]).map((row) => [row.Variable_name, row.Value]))
    const position = { uuid: value['wsrep_cluster_state_uuid'] ?? '', seqno: Number(value['wsrep_last_committed']) }
    return {
      name,
      state: kindOf(value),
      position: position.uuid && position.seqno >= 0 ? position : undefined,
      members: Number(value['wsrep_cluster_size']),
    }
  } catch {
    return undefined
  } finally {
    leave(link)
  }
}

/** Says goodbye, for mariadbd logs whoever does not; but waits for nothing. */
function leave(link: mysql2.Connection | undefined) {
  void link?.end().catch(() => link.destroy())
}

/** Of a node's local states 4 means that it has everything, and 2 that it gives it to another meanwhile. */
function kindOf(value: Record<string, string>): NodeReport['state'] {
  if (value['wsrep_cluster_status'] === 'Disconnected') return 'left'
  if (value['wsrep_cluster_status'] !== 'Primary') return 'lonely'
  return value['wsrep_ready'] === 'ON' && ['2', '4'].includes(value['wsrep_local_state'] ?? '') ? 'primary' : 'joining'
}

/** Tells a node that runs without a majority that it is the cluster. */
export async function promote({ socket, password }: GaleraControl): Promise<void> {
  const driver = require('mysql2/promise') as typeof mysql2
  const link = await driver.createConnection({ socketPath: socket, user: keeperUser, password, connectTimeout: answerTimeoutMs })
  try {
    await link.query({ sql: "set global wsrep_provider_options='pc.bootstrap=yes'", timeout: 10_000 })
  } finally {
    leave(link)
  }
}
