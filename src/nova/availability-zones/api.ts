import { route } from '../../cloud/service.ts'
import { ok } from '../../kernel/http/answer.ts'
import { defaultZone } from '../zone-names.ts'
import { listServices } from '../services/store.ts'
import { zoneDetail, zonesOf, zoneView } from './view.ts'

export const availabilityZones = [
  route('GET /v2.1/os-availability-zone', {
    rule: 'os_compute_api:os-availability-zone:list',
    run: async (_ctx, db) => {
      const zones = zonesOf(await listServices(db, { program: 'nova-compute' }))
      // A cloud whose hosts are yet to come has its zone already.
      const shown = zones.length > 0 ? zones.map(zoneView) : [{ zoneName: defaultZone, zoneState: { available: true }, hosts: null }]
      return ok({ availabilityZoneInfo: shown })
    },
  }),
  route('GET /v2.1/os-availability-zone/detail', {
    rule: 'os_compute_api:os-availability-zone:detail',
    run: async (_ctx, db) => ok({ availabilityZoneInfo: zonesOf(await listServices(db)).map(zoneDetail) }),
  }),
]
