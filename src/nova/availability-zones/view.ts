import { internalZone } from '../zone-names.ts'
import type { ServiceInfo } from '../services/store.ts'
import { microTime } from '../times.ts'

interface Zone {
  readonly name: string
  readonly services: readonly ServiceInfo[]
}

/** Services by zone, in the zones' order: internal first, as nova has it. */
export function zonesOf(services: readonly ServiceInfo[]): Zone[] {
  const zones = Map.groupBy(services, (service) => service.zone)
  const names = [...zones.keys()].toSorted(
    (one, other) => Number(other === internalZone) - Number(one === internalZone) || (one < other ? -1 : 1),
  )
  return names.map((name) => ({ name, services: zones.get(name)! }))
}

/** A zone can be used while one of its services is not disabled. */
const isAvailable = ({ services }: Zone): boolean => services.some((service) => !service.disabled)

/** A zone for everyone. */
export const zoneView = (zone: Zone) => ({ zoneName: zone.name, zoneState: { available: isAvailable(zone) }, hosts: null })

/** A zone with its hosts and their services. */
export const zoneDetail = (zone: Zone) => ({
  ...zoneView(zone),
  hosts: Object.fromEntries(
    [...Map.groupBy(zone.services, (service) => service.host)].map(([host, services]) => [
      host,
      Object.fromEntries(
        services.map((service) => [
          service.program,
          { available: service.up, active: !service.disabled, updated_at: microTime(service.seenAt) },
        ]),
      ),
    ]),
  ),
})
