import { nicsOf } from '../../neutron/contract.ts'
import { existsAt } from '../../kernel/http/schema.ts'
import { groupOfServer } from '../server-groups/store.ts'
import { hostStatuses } from './host-status.ts'
import { viewerOf } from './viewer.ts'
import { serverCore, serverSurroundings } from './view.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { ServerRow } from './tables.ts'

/** One server in full, as it goes over the wire. */
export async function shownServer(ctx: CloudContext, db: Db, row: ServerRow): Promise<Record<string, unknown>> {
  const viewer = viewerOf(ctx)
  const [nics, group, statuses] = await Promise.all([
    nicsOf(db, [row.id]),
    existsAt({ since: '2.71' }, viewer.version) ? groupOfServer(db, row.id) : undefined,
    viewer.seesHostStatus ? hostStatuses(db, [row]) : undefined,
  ])
  const surroundings = {
    nics: nics.get(row.id) ?? [],
    serverGroups: group ? [group.id] : [],
    ...(statuses && { hostStatus: statuses.get(row.host ?? '') ?? '' }),
  }
  return { ...serverCore(viewer, row), ...serverSurroundings(viewer, surroundings) }
}
