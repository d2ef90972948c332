import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { networkNotFound } from '../refusals.ts'
import { networkById } from './store.ts'
import type { FilterQuery } from '../filters.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { NetworkRow } from '../tables.ts'

/** Whether the asker may know of the network: it is theirs, shared, or leads outside. */
export const maySeeNetwork = (ctx: CloudContext, network: NetworkRow): boolean =>
  isAdmin(ctx.subject) || network.project_id === projectOf(ctx) || network.shared || network.external

/** Whether the network is the asker's own, or the asker an admin. */
export const ownsNetwork = (ctx: CloudContext, network: NetworkRow): boolean =>
  isAdmin(ctx.subject) || network.project_id === projectOf(ctx)

/** The network, if the asker may know of it; else NetworkNotFound. */
export async function visibleNetwork(ctx: CloudContext, db: Db, id: string): Promise<NetworkRow> {
  const network = await networkById(db, id)
  if (!network || !maySeeNetwork(ctx, network)) throw networkNotFound(id)
  return network
}

/** Leaves in a list the networks that the asker may know of. */
export function visibleNetworks(ctx: CloudContext, query: FilterQuery): FilterQuery {
  if (isAdmin(ctx.subject)) return query
  return query.where((eb: any) =>
    eb.or([
      eb('neutron_networks.project_id', '=', projectOf(ctx)),
      eb('neutron_networks.shared', '=', true),
      eb('neutron_networks.external', '=', true),
    ]),
  )
}
