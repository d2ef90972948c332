import type { Db } from '../../kernel/sql/tables.ts'
import { portsById } from '../ports/store.ts'
import { tagsOf } from '../tags/store.ts'
import type { FloatingIpRow } from '../routing-tables.ts'
import { floatingIpView } from './view.ts'

/** Floating IPs as clients see them. Two queries for any number. */
export async function floatingIpViews(db: Db, rows: readonly FloatingIpRow[]): Promise<object[]> {
  const ports = await portsById(
    db,
    rows.flatMap((row) => row.port_id ?? []),
  )
  const tags = await tagsOf(
    db,
    rows.map((row) => row.id),
  )
  const byId = new Map(ports.map((port) => [port.id, port]))
  return rows.map((row) => floatingIpView(row, { port: byId.get(row.port_id ?? ''), tags: tags.get(row.id) ?? [] }))
}
