import { createHash } from 'node:crypto'
import { existsAt, type Version } from '../../kernel/http/schema.ts'
import { statusOf } from './states.ts'
import type { ServerNic } from '../../neutron/contract.ts'
import type { ServerRow } from './tables.ts'

/** For whom a server is shown: all that its wire form depends on beside the server itself. */
export interface Viewer {
  readonly baseUrl: string
  readonly version: Version
  /** Whether policy lets them see hosts and the like. */
  readonly seesHosts: boolean
  readonly seesHostStatus: boolean
}

/** What others than the server's row know of it. */
export interface Surroundings {
  readonly nics: readonly ServerNic[]
  /** UP, DOWN, MAINTENANCE, or '' without a host. */
  readonly hostStatus?: string
  readonly serverGroups?: readonly string[]
}

export const serverLinks = (baseUrl: string, id: string) => [
  { rel: 'self', href: `${baseUrl}/v2.1/servers/${id}` },
  { rel: 'bookmark', href: `${baseUrl}/servers/${id}` },
]

/** A server in a plain list. */
export const serverItem = ({ baseUrl }: Pick<Viewer, 'baseUrl'>, { id, name }: Pick<ServerRow, 'id' | 'name'>) => ({
  id,
  name,
  links: serverLinks(baseUrl, id),
})

const seconds = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`
/** Times to the microsecond, without a zone, as nova writes some of them. */
export const microseconds = (time: Date): string => `${time.toISOString().slice(0, -1)}000`

/** A name for a host that says nothing about it, another one for each project. */
export const hostIdOf = (projectId: string, host: string | null): string =>
  host
    ? createHash('sha224')
        .update(projectId + host)
        .digest('hex')
    : ''

export const tagsOf = (row: Pick<ServerRow, 'tags'>): string[] => row.tags.split(',').filter((tag) => tag !== '')
export const instanceName = (id: string): string => `instance-${id.slice(0, 8)}`

/** Statuses in which something is under way or could be. */
const showsProgress = new Set(['ACTIVE', 'BUILD', 'REBUILD', 'RESIZE', 'VERIFY_RESIZE', 'MIGRATING'])

const flavorOf = ({ baseUrl, version }: Viewer, { flavor_json: flavor }: ServerRow) =>
  existsAt({ since: '2.47' }, version)
    ? {
        vcpus: flavor.vcpus,
        ram: flavor.memoryMb,
        disk: flavor.diskGb,
        ephemeral: flavor.ephemeralGb,
        swap: flavor.swapMb,
        original_name: flavor.name,
        extra_specs: flavor.extraSpecs,
      }
    : { id: flavor.id, links: [{ rel: 'bookmark', href: `${baseUrl}/flavors/${flavor.id}` }] }

const faultOf = (viewer: Viewer, { fault_json: fault }: ServerRow) =>
  fault && { ...fault, created: seconds(new Date(fault.created)), ...(viewer.seesHosts && { details: '' }) }

interface Field {
  readonly name: string
  readonly since?: string
  /** For whom it is there at all. */
  readonly hosts?: true
  readonly of: (row: ServerRow) => unknown
}

/** Fields that came later, or that not everybody may see. */
const fields: readonly Field[] = [
  { name: 'OS-EXT-SRV-ATTR:host', hosts: true, of: (row) => row.host },
  { name: 'OS-EXT-SRV-ATTR:instance_name', hosts: true, of: (row) => instanceName(row.id) },
  { name: 'OS-EXT-SRV-ATTR:hypervisor_hostname', hosts: true, of: (row) => row.host },
  { name: 'OS-EXT-SRV-ATTR:reservation_id', hosts: true, since: '2.3', of: (row) => row.reservation_id },
  { name: 'OS-EXT-SRV-ATTR:launch_index', hosts: true, since: '2.3', of: (row) => row.launch_index },
  { name: 'OS-EXT-SRV-ATTR:hostname', hosts: true, since: '2.3', of: (row) => row.hostname },
  { name: 'OS-EXT-SRV-ATTR:hostname', since: '2.90', of: (row) => row.hostname },
  { name: 'OS-EXT-SRV-ATTR:kernel_id', hosts: true, since: '2.3', of: () => '' },
  { name: 'OS-EXT-SRV-ATTR:ramdisk_id', hosts: true, since: '2.3', of: () => '' },
  { name: 'OS-EXT-SRV-ATTR:root_device_name', hosts: true, since: '2.3', of: () => '/dev/vda' },
  { name: 'OS-EXT-SRV-ATTR:user_data', hosts: true, since: '2.3', of: (row) => row.user_data },
  { name: 'locked', since: '2.9', of: (row) => row.locked_by !== null },
  { name: 'description', since: '2.19', of: (row) => row.description },
  { name: 'tags', since: '2.26', of: tagsOf },
  { name: 'trusted_image_certificates', since: '2.63', of: () => null },
  { name: 'locked_reason', since: '2.73', of: (row) => row.locked_reason },
  { name: 'pinned_availability_zone', since: '2.96', of: (row) => row.wanted_zone },
]

/** Everything about a server that its row alone tells: as long as the row's revision stays, so does this. */
export function serverCore(viewer: Viewer, row: ServerRow): Record<string, unknown> {
  const status = statusOf(row.vm_state, row.task_state)
  return {
    id: row.id,
    name: row.name,
    status,
    tenant_id: row.project_id,
    user_id: row.user_id,
    metadata: row.metadata_json,
    hostId: hostIdOf(row.project_id, row.host),
    image: { id: row.image_id, links: [{ rel: 'bookmark', href: `${viewer.baseUrl}/images/${row.image_id}` }] },
    flavor: flavorOf(viewer, row),
    created: seconds(row.created_at),
    updated: seconds(row.updated_at ?? row.created_at),
    accessIPv4: row.access_ipv4,
    accessIPv6: row.access_ipv6,
    links: serverLinks(viewer.baseUrl, row.id),
    'OS-DCF:diskConfig': row.disk_config,
    ...(showsProgress.has(status) && { progress: 0 }),
    ...((status === 'ERROR' || status === 'DELETED') && row.fault_json && { fault: faultOf(viewer, row) }),
    'OS-EXT-AZ:availability_zone': row.zone ?? row.wanted_zone ?? '',
    config_drive: row.config_drive ? 'True' : '',
    key_name: row.key_name,
    'OS-SRV-USG:launched_at': row.launched_at && microseconds(row.launched_at),
    'OS-SRV-USG:terminated_at': row.terminated_at && microseconds(row.terminated_at),
    'OS-EXT-STS:task_state': row.task_state,
    'OS-EXT-STS:vm_state': row.vm_state,
    'OS-EXT-STS:power_state': row.power_state,
    'os-extended-volumes:volumes_attached': [],
    ...Object.fromEntries(
      fields
        .filter((field) => (!field.hosts || viewer.seesHosts) && existsAt(field, viewer.version))
        .map((field) => [field.name, field.of(row)]),
    ),
  }
}

/** Everything about a server that its row does not tell. */
export function serverSurroundings(viewer: Viewer, { nics, hostStatus, serverGroups }: Surroundings): Record<string, unknown> {
  const groups = [...new Set(nics.flatMap((nic) => nic.securityGroups.map((group) => group.name)))]
  return {
    addresses: addressesOf(nics, { inFull: true }),
    ...(groups.length > 0 && { security_groups: groups.map((name) => ({ name })) }),
    ...(viewer.seesHostStatus && hostStatus !== undefined && { host_status: hostStatus }),
    ...(serverGroups && existsAt({ since: '2.71' }, viewer.version) && { server_groups: serverGroups }),
  }
}

/** Addresses by the names of their networks; `inFull` with their kind and MAC. */
export function addressesOf(nics: readonly ServerNic[], { inFull = false } = {}): Record<string, object[]> {
  const addresses: Record<string, object[]> = {}
  for (const nic of nics) {
    const known = (addresses[nic.networkName] ??= [])
    const full = (kind: string) => inFull && { 'OS-EXT-IPS:type': kind, 'OS-EXT-IPS-MAC:mac_addr': nic.mac }
    for (const { address, version } of nic.fixedIps) known.push({ version, addr: address, ...full('fixed') })
    for (const { address } of nic.floatingIps) known.push({ version: address.includes(':') ? 6 : 4, addr: address, ...full('floating') })
  }
  return addresses
}

/** What an update answered before 2.75. */
const answeredByOldUpdates = new Set(
  'id name status tenant_id user_id metadata hostId image flavor created updated addresses accessIPv4 accessIPv6 links OS-DCF:diskConfig progress fault locked description tags trusted_image_certificates server_groups locked_reason'.split(
    ' ',
  ),
)

/** A server as an update answers it. */
export const updatedServer = (viewer: Viewer, server: Record<string, unknown>): Record<string, unknown> =>
  existsAt({ since: '2.75' }, viewer.version)
    ? server
    : Object.fromEntries(Object.entries(server).filter(([name]) => answeredByOldUpdates.has(name)))

/** What the answer to an accepted request says of the server. */
export const acceptedServer = (
  { baseUrl }: Pick<Viewer, 'baseUrl'>,
  { id, disk_config: diskConfig }: Pick<ServerRow, 'id' | 'disk_config'>,
  {
    adminPass,
    securityGroups = [{ name: 'default' }],
  }: { adminPass: string; securityGroups?: readonly { readonly name: string }[] | undefined },
) => ({ id, links: serverLinks(baseUrl, id), 'OS-DCF:diskConfig': diskConfig, security_groups: securityGroups, adminPass })
