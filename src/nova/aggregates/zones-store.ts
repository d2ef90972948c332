import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import '../tables.ts'

/** Puts a host into a zone; false when it is in another one. The key keeps a host from being in two, whoever asks at once. */
export async function putIntoZone(ctx: Context, tx: Tx, host: string, zone: string): Promise<boolean> {
  if (await ctx.dialect.insertIfAbsent(tx, 'nova_zone_hosts', { host, zone })) return true
  return (await zoneOf(tx, host)) === zone
}

export async function zoneOf(db: Db, host: string): Promise<string | undefined> {
  return (await db.selectFrom('nova_zone_hosts').select('zone').where('host', '=', host).executeTakeFirst())?.zone
}

/** Moves hosts back into the default zone. */
export async function leaveZone(tx: Tx, hosts: readonly string[]): Promise<void> {
  if (hosts.length > 0) await tx.deleteFrom('nova_zone_hosts').where('host', 'in', hosts).execute()
}

/** The aggregates that these hosts are in. */
export async function aggregatesOf(db: Db, hosts: readonly string[]): Promise<{ host: string; aggregate: number }[]> {
  if (hosts.length === 0) return []
  return db.selectFrom('nova_aggregate_hosts').selectAll().where('host', 'in', hosts).execute()
}
