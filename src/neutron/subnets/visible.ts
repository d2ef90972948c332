import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { networkById } from '../networks/store.ts'
import { subnetNotFound } from '../refusals.ts'
import { subnetById } from './store.ts'
import type { FilterQuery } from '../filters.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { SubnetRow } from '../tables.ts'

/** The subnet, if it is the asker's or on a shared network; else SubnetNotFound. */
export async function visibleSubnet(ctx: CloudContext, db: Db, id: string): Promise<SubnetRow> {
  const subnet = await subnetById(db, id)
  if (!subnet) throw subnetNotFound(id)
  if (isAdmin(ctx.subject) || subnet.project_id === projectOf(ctx)) return subnet
  if ((await networkById(db, subnet.network_id))?.shared) return subnet
  throw subnetNotFound(id)
}

/** Leaves in a list the subnets that the asker may know of. Those of external networks stay hidden unless shared. */
export function visibleSubnets(ctx: CloudContext, query: FilterQuery): FilterQuery {
  if (isAdmin(ctx.subject)) return query
  return query.where((eb: any) =>
    eb.or([
      eb('neutron_subnets.project_id', '=', projectOf(ctx)),
      eb(
        'neutron_subnets.network_id',
        'in',
        eb.selectFrom('neutron_networks as shared_network').select('shared_network.id').where('shared_network.shared', '=', true),
      ),
    ]),
  )
}
