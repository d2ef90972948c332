import type { Context } from '../../kernel/context.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { Route } from '../routing-tables.ts'
import { standardRow } from '../standard-row.ts'

export interface NewRouter {
  readonly projectId: string
  readonly name: string
  readonly description?: string
  readonly adminStateUp?: boolean
  readonly availabilityZoneHints?: readonly string[]
}

/** Makes a router that joins nothing. Returns its id. Being made counts as its first change. */
export async function insertRouter(ctx: Context, tx: Tx, router: NewRouter): Promise<string> {
  const row = {
    ...standardRow(ctx, { projectId: router.projectId, description: router.description ?? '', revision: 1 }),
    name: router.name,
    admin_state_up: router.adminStateUp ?? true,
    availability_zone_hints_json: json(router.availabilityZoneHints ?? []),
    routes_json: json([]),
  }
  await tx.insertInto('neutron_routers').values(row).execute()
  return row.id
}

export const routerById = (db: Db, id: string) => db.selectFrom('neutron_routers').selectAll().where('id', '=', id).executeTakeFirst()

export interface RouterFields {
  readonly name?: string
  readonly description?: string
  readonly adminStateUp?: boolean
}

/**
 * Counts a change of the router, with `fields`; false when it is gone. Whoever changes what a router joins does this
 * first: two changes of one router then come one after the other, on any database, and the second sees the first.
 */
export async function changeRouter(ctx: Context, tx: Tx, id: string, fields: RouterFields = {}): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('neutron_routers')
    .set((eb) => ({
      ...(fields.name !== undefined && { name: fields.name }),
      ...(fields.description !== undefined && { description: fields.description }),
      ...(fields.adminStateUp !== undefined && { admin_state_up: fields.adminStateUp }),
      revision_number: eb('revision_number', '+', 1),
      updated_at: ctx.dialect.now(),
    }))
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Keeps the router's routes. Comes after a `changeRouter`, which counts the change. */
export const keepRoutes = (tx: Tx, id: string, routes: readonly Route[]) =>
  tx
    .updateTable('neutron_routers')
    .set({ routes_json: json(routes) })
    .where('id', '=', id)
    .execute()

export const deleteRouterRow = (tx: Tx, id: string) => tx.deleteFrom('neutron_routers').where('id', '=', id).execute()

export interface Gateway {
  readonly routerId: string
  readonly networkId: string
  readonly portId: string
  readonly enableSnat: boolean
}

const gateways = (db: Db) =>
  db
    .selectFrom('neutron_router_gateways')
    .select(['router_id as routerId', 'network_id as networkId', 'port_id as portId', 'enable_snat as enableSnat'])

/** The gateways of these routers, by router. One query. */
export async function gatewaysOf(db: Db, routerIds: readonly string[]): Promise<Map<string, Gateway>> {
  if (routerIds.length === 0) return new Map()
  const rows = await gateways(db)
    .where('router_id', 'in', [...routerIds])
    .execute()
  return new Map(rows.map((row) => [row.routerId, row]))
}

export const insertGateway = (tx: Tx, { routerId, networkId, portId, enableSnat }: Gateway) =>
  tx
    .insertInto('neutron_router_gateways')
    .values({ router_id: routerId, network_id: networkId, port_id: portId, enable_snat: enableSnat })
    .execute()

/** Changes the gateway's port or manner; its network stays. */
export const changeGateway = (tx: Tx, { routerId, portId, enableSnat }: Gateway) =>
  tx.updateTable('neutron_router_gateways').set({ port_id: portId, enable_snat: enableSnat }).where('router_id', '=', routerId).execute()

/** Refused by the database while a floating IP needs the gateway. */
export const deleteGateway = (tx: Tx, routerId: string) =>
  tx.deleteFrom('neutron_router_gateways').where('router_id', '=', routerId).execute()

export interface Interface {
  readonly routerId: string
  readonly subnetId: string
  readonly portId: string
}

export const interfacesOf = (db: Db, routerId: string): Promise<Interface[]> =>
  db
    .selectFrom('neutron_router_interfaces')
    .select(['router_id as routerId', 'subnet_id as subnetId', 'port_id as portId'])
    .where('router_id', '=', routerId)
    .orderBy('subnet_id')
    .execute()

export const insertInterface = (tx: Tx, { routerId, subnetId, portId }: Interface) =>
  tx.insertInto('neutron_router_interfaces').values({ router_id: routerId, subnet_id: subnetId, port_id: portId }).execute()

/** Refused by the database while a floating IP needs the interface. */
export const deleteInterface = (tx: Tx, { routerId, subnetId }: Interface) =>
  tx.deleteFrom('neutron_router_interfaces').where('router_id', '=', routerId).where('subnet_id', '=', subnetId).execute()

/** Routers that join the subnet and have their gateway on the network, with their port on the subnet. */
export const routersBetween = (
  db: Db,
  { subnetId, networkId }: { subnetId: string; networkId: string },
): Promise<{ routerId: string; portId: string }[]> =>
  db
    .selectFrom('neutron_router_interfaces as interface')
    .innerJoin('neutron_router_gateways as gateway', 'gateway.router_id', 'interface.router_id')
    .select(['interface.router_id as routerId', 'interface.port_id as portId'])
    .where('interface.subnet_id', '=', subnetId)
    .where('gateway.network_id', '=', networkId)
    .orderBy('interface.router_id')
    .execute()
