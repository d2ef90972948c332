import { route } from '../../cloud/service.ts'
import { ok } from '../../kernel/http/answer.ts'
import { withFields } from '../listing.ts'

const zones = ['network', 'router'].map((resource) => ({ state: 'available', resource, name: 'nova' }))

/** The one zone, for networks and for routers; filters narrow it. */
export const availabilityZones = [
  route('GET /v2.0/availability_zones', {
    rule: 'get_availability_zone',
    run: (ctx) => {
      const { search } = ctx.request
      const matches = (zone: Record<string, string>) =>
        ['state', 'resource', 'name'].every((name) => !search.has(name) || search.getAll(name).includes(zone[name]!))
      return ok({ availability_zones: zones.filter(matches).map((zone) => withFields(ctx, zone)) })
    },
  }),
  route('GET /v2.0/service-providers', { rule: 'get_service_provider', run: () => ok({ service_providers: [] }) }),
]
