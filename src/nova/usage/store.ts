import type { Db } from '../../kernel/sql/tables.ts'
import '../servers/tables.ts'

export interface Period {
  readonly start: Date
  readonly stop: Date
}

export interface UsageSearch extends Period {
  /** Undefined: all projects. */
  readonly projectId: string | undefined
  /** The server before the page. */
  readonly after: string | undefined
  readonly limit: number
}

/** A server that ran in a period; `launched_at` is never null. */
export type ServerInPeriod = Awaited<ReturnType<typeof serversInPeriod>>[number]

/** One page of the servers that ran at some time of a period, deleted ones too, by id. */
export async function serversInPeriod(db: Db, { start, stop, projectId, after, limit }: UsageSearch) {
  let query = db
    .selectFrom('nova_servers')
    .select(['id', 'project_id', 'name', 'vm_state', 'flavor_json', 'launched_at', 'terminated_at'])
    .where('launched_at', '<', stop)
    .where((eb) => eb.or([eb('terminated_at', 'is', null), eb('terminated_at', '>', start)]))
    .orderBy('id')
    .limit(limit)
  if (projectId !== undefined) query = query.where('project_id', '=', projectId)
  if (after !== undefined) query = query.where('id', '>', after)
  return query.execute()
}
