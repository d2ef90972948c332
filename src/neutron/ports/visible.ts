import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { networkById } from '../networks/store.ts'
import { portNotFound } from '../refusals.ts'
import { portById } from './store.ts'
import type { FilterQuery } from '../filters.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { PortRow } from '../tables.ts'

/** The port, if it is the asker's or on the asker's network; else PortNotFound. */
export async function visiblePort(ctx: CloudContext, db: Db, id: string): Promise<PortRow> {
  const port = await portById(db, id)
  if (!port) throw portNotFound(id)
  if (isAdmin(ctx.subject) || port.project_id === projectOf(ctx)) return port
  if ((await networkById(db, port.network_id))?.project_id === projectOf(ctx)) return port
  throw portNotFound(id)
}

/** Leaves in a list the ports that the asker may know of. */
export function visiblePorts(ctx: CloudContext, query: FilterQuery): FilterQuery {
  if (isAdmin(ctx.subject)) return query
  return query.where((eb: any) =>
    eb.or([
      eb('neutron_ports.project_id', '=', projectOf(ctx)),
      eb(
        'neutron_ports.network_id',
        'in',
        eb.selectFrom('neutron_networks as own_network').select('own_network.id').where('own_network.project_id', '=', projectOf(ctx)),
      ),
    ]),
  )
}
