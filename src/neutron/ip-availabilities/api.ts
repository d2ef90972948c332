import { route } from '../../cloud/service.ts'
import { ok } from '../../kernel/http/answer.ts'
import { networkNotFound } from '../refusals.ts'
import { networksForAvailability, subnetsForAvailability, usesOfSubnets } from './store.ts'
import { availabilityView } from './view.ts'
import type { Db } from '../../kernel/sql/tables.ts'

async function availabilities(
  db: Db,
  filters: { networkIds?: readonly string[]; names?: readonly string[]; projectIds?: readonly string[]; ipVersions?: readonly number[] },
) {
  const networks = await networksForAvailability(db, filters)
  const subnets = (
    await subnetsForAvailability(
      db,
      networks.map((network) => network.id),
    )
  ).filter((subnet) => !filters.ipVersions || filters.ipVersions.includes(subnet.ip_version))
  const uses = await usesOfSubnets(db, subnets)
  return networks.map((network) =>
    availabilityView(
      network,
      subnets.filter((subnet) => subnet.network_id === network.id),
      uses,
    ),
  )
}

/** How many addresses each network has and uses; for admins. */
export const ipAvailabilities = [
  route('GET /v2.0/network-ip-availabilities', {
    rule: 'get_network_ip_availability',
    run: async (ctx, db) => {
      const { search } = ctx.request
      const given = (name: string) => (search.has(name) ? search.getAll(name) : undefined)
      const ids = given('network_id')
      const names = given('network_name')
      const projects = given('project_id') ?? given('tenant_id')
      const versions = given('ip_version')?.map(Number)
      const filters = {
        ...(ids && { networkIds: ids }),
        ...(names && { names }),
        ...(projects && { projectIds: projects }),
        ...(versions && { ipVersions: versions }),
      }
      return ok({ network_ip_availabilities: await availabilities(db, filters) })
    },
  }),
  route('GET /v2.0/network-ip-availabilities/:id', {
    rule: 'get_network_ip_availability',
    run: async (_ctx, db, { params }) => {
      const [view] = await availabilities(db, { networkIds: [params.id] })
      if (!view) throw networkNotFound(params.id)
      return ok({ network_ip_availability: view })
    },
  }),
]
