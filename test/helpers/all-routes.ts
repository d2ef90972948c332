import { tmpdir } from 'node:os'
import { servicesOf } from '../../src/controller/services.ts'
import { apiOf } from '../../src/topology/services.ts'
import type { Service } from '../../src/cloud/service.ts'
import type { Marks } from '../../src/kernel/http/schema.ts'
import type { Operation, Route } from '../../src/kernel/http/route.ts'

/** One thing that a client can ask a service for: a route, or one action of a route with actions. */
export interface Offer {
  readonly service: Service
  readonly prefix: string
  readonly route: Route
  readonly operation: Operation
  /** The action's name, where the route has several. */
  readonly action?: string
  /** From and until which version it exists. */
  readonly marks: Marks
  /** For test names: POST /compute/v2.1/servers/:id/action reboot. */
  readonly title: string
}

/** Every service as the controller has it, with a folder for images that nobody uses. */
export const allServices: readonly Service[] = servicesOf({ images: tmpdir(), region: 'RegionOne' })

/** Everything that clients can ask for, from the services' own routes. */
export const allOffers: readonly Offer[] = allServices.flatMap((service) => service.routes.flatMap((route) => offersOf(service, route)))

function offersOf(service: Service, route: Route): Offer[] {
  const { prefix } = apiOf(service.name)
  const title = `${route.method} ${prefix}${route.path}`
  if (route.operation) return [{ service, prefix, route, operation: route.operation, marks: route, title }]
  return Object.entries(route.actions ?? {}).flatMap(([action, named]) =>
    [named]
      .flat()
      .map((operation) => ({ service, prefix, route, operation, action, marks: { ...route, ...operation }, title: `${title} ${action}` })),
  )
}

/** The path with something in the place of each parameter. */
export const pathOf = ({ prefix, route }: Offer, value: (name: string) => string): string =>
  prefix + route.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(value(name)))

/** The headers that ask for this version of the offer's API. */
export const versionHeaders = ({ prefix }: Offer, version: string): Record<string, string> => {
  const type = { '/compute': 'compute', '/placement': 'placement' }[prefix]
  return type ? { 'openstack-api-version': `${type} ${version}` } : {}
}
