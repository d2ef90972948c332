import type { Exchange } from './balancer.ts'
import type { ComputeHost } from './compute-host.ts'
import type { Sessions } from './sessions.ts'

/** Everything that is there when a schedule has come to rest, and everything that clients were told. */
export interface FinalState {
  readonly exchanges: readonly Exchange[]
  readonly guests: readonly { readonly host: string; readonly id: string; readonly power: string }[]
  /** All servers of all times. */
  readonly servers: readonly ServerSeen[]
  readonly actions: readonly { server_id: string; action: string; events: readonly { result: string }[] }[]
  readonly activeSagas: readonly { kind: string; subject: string; state: string; step: number; attempts: number }[]
  readonly sagaMoves: readonly { saga: string; seen: number; became: number; step: number; state: string }[]
  /** Moments at which more was used than there is. */
  readonly trespasses: readonly string[]
  readonly allocations: readonly { consumer_id: string; provider: string; resource_class: string; used: number }[]
  readonly inventories: readonly { provider: string; resource_class: string; capacity: number; used: number }[]
  readonly ports: readonly PortSeen[]
  readonly addresses: readonly { subnet_id: string; address: string; port_id: string }[]
  readonly floatingIps: readonly {
    id: string
    description: string
    floating_port_id: string
    floating_ip_address: string
    port_id: string | null
  }[]
  readonly computeUsage: { instances: number; cores: number; ram: number }
  readonly networkUsage: Readonly<Record<string, number>>
}

export interface ServerSeen {
  readonly id: string
  readonly name: string
  readonly vm_state: string
  readonly task_state: string | null
  readonly host: string | null
  readonly deleted: boolean
  readonly fault: { readonly message: string } | null
  readonly flavor: { readonly vcpus: number; readonly memoryMb: number; readonly diskGb: number }
}

export interface PortSeen {
  readonly id: string
  readonly name: string
  readonly project_id: string
  readonly device_id: string
  readonly device_owner: string
  readonly made_for_server: boolean
  readonly host_id: string
  readonly status: string
}

// One statement: it is read once in every schedule. Ports that were there in the beginning are not shown.
const everything = `select json_build_object(
  'servers', (select coalesce(json_agg(s), '[]') from (select id, name, vm_state, task_state, host, deleted, fault_json fault, flavor_json flavor from nova_servers order by id) s),
  'actions', (select coalesce(json_agg(s), '[]') from (select server_id, action, events_json events from nova_instance_actions order by started_at, id) s),
  'activeSagas', (select coalesce(json_agg(s), '[]') from (select kind, subject, state, step, attempts from kernel_sagas where active_subject is not null) s),
  'sagaMoves', (select coalesce(json_agg(s), '[]') from (select saga, seen, became, step, state from saga_moves order by number) s),
  'trespasses', (select coalesce(json_agg(what), '[]') from trespasses),
  'allocations', (select coalesce(json_agg(s), '[]') from (select consumer_id, p.name provider, resource_class, used from placement_allocations a join placement_providers p on p.id = a.provider_id) s),
  'inventories', (select coalesce(json_agg(s), '[]') from (select p.name provider, resource_class, capacity, used from placement_inventories i join placement_providers p on p.id = i.provider_id) s),
  'ports', (select coalesce(json_agg(s), '[]') from (select id, name, project_id, device_id, device_owner, made_for_server, host_id, status from neutron_ports where id not in (select id from beginning_ports) order by id) s),
  'addresses', (select coalesce(json_agg(s), '[]') from (select subnet_id, address, port_id from neutron_ip_allocations where port_id not in (select id from beginning_ports)) s),
  'floatingIps', (select coalesce(json_agg(s), '[]') from (select id, description, floating_port_id, floating_ip_address, port_id from neutron_floating_ips) s),
  'computeUsage', (select coalesce(json_agg(s), '[]') -> 0 from (select instances, cores, ram from nova_quota_usages where owner = 'demo') s),
  'networkUsage', (select json_object_agg(q.resource, q.used - coalesce(b.used, 0)) from neutron_quotas q left join beginning_quotas b on b.project_id = q.project_id and b.resource = q.resource where q.project_id = 'demo')
) as state`

/** Reads it all. */
export async function finalState(
  sessions: Sessions,
  { hosts, exchanges }: { hosts: readonly ComputeHost[]; exchanges: readonly Exchange[] },
): Promise<FinalState> {
  const session = await sessions.take()
  const { rows } = await session.client.query(everything)
  sessions.giveBack(session)
  const { state } = rows[0] as { state: Omit<FinalState, 'guests' | 'exchanges'> }
  const guests = await Promise.all(
    hosts.flatMap(({ name, driver }) =>
      driver.guests(name).map(async (id) => ({ host: name, id, power: (await driver.state(name, id)).power })),
    ),
  )
  return {
    ...state,
    computeUsage: state.computeUsage ?? { instances: 0, cores: 0, ram: 0 },
    networkUsage: state.networkUsage ?? {},
    guests,
    exchanges,
  }
}
