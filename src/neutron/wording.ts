import type { SchemaProblem } from '../kernel/errors.ts'

/** Attributes that resources have but nobody sets, and those that are only set when something is made. */
const readOnly = new Set(['id', 'status', 'subnets', 'revision_number', 'created_at', 'updated_at', 'availability_zones'])
const setOnce = new Set([
  'tenant_id',
  'project_id',
  'network_id',
  'cidr',
  'ip_version',
  'subnetpool_id',
  'ipv6_ra_mode',
  'ipv6_address_mode',
  'availability_zone_hints',
])

/** A broken schema in the words of neutron's own validators. */
export function reasonOf(problem: SchemaProblem, method: string | undefined): string {
  const { keyword, params, path } = problem
  if (keyword === 'additionalProperties') return unrecognized(listed(params.additionalProperties), method)
  if (keyword === 'required') return missing(listed(params.requiredProperties)[0] ?? '', path)
  if (path.length === 0) return 'Resource body required'
  const names = path.filter((part) => !/^\d+$/.test(String(part))).map(String)
  const attribute = names[1] ?? names[0]!
  return `Invalid input for ${attribute}. Reason: ${reason(problem, names.at(-1)!)}`
}

const listed = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

function unrecognized(names: readonly string[], method: string | undefined): string {
  const unknown = names.filter((name) => !(readOnly.has(name) || (method === 'PUT' && setOnce.has(name))))
  if (unknown.length > 0) return `Unrecognized attribute(s) '${unknown.join(', ').slice(0, 500)}'`
  return method === 'PUT' ? `Cannot update read-only attribute ${names[0]}` : `Attribute '${names[0]}' not allowed in POST`
}

const missing = (name: string, path: SchemaProblem['path']) =>
  path.length === 0 ? `Unable to find '${name}' in request body` : `Failed to parse request. Required attribute '${name}' not specified`

function reason({ keyword, params, value }: SchemaProblem, name: string): string {
  const shown = show(value)
  if (value === null) return `'None' is not a valid value.`
  if (keyword === 'maxLength' && typeof value === 'string') return `'${shown}' exceeds maximum length of ${String(params.limit)}.`
  if (keyword === 'minLength') return `'${shown}' Blank strings are not permitted.`
  if (keyword === 'minimum') return `'${shown}' is too small - must be at least '${String(params.limit)}'.`
  if (keyword === 'maximum') return `'${shown}' is too large - must be no larger than '${String(params.limit)}'.`
  if (keyword === 'uniqueItems') return `Duplicate items in the list: '${shown}'.`
  const kind = kinds[name]
  if (kind) return kind(shown)
  if (keyword === 'type' && params.type === 'string') return `'${shown}' is not a valid string.`
  if (keyword === 'type' && params.type === 'integer') return `'${shown}' is not an integer.`
  if (keyword === 'type' && params.type === 'array') return `'${shown}' is not a list.`
  if (keyword === 'type' && params.type === 'object') return `'${shown}' is not a dictionary.`
  if (keyword === 'enum' || keyword === 'const' || keyword === 'anyOf') return `'${shown}' is not in the list of valid values.`
  return `'${shown}' is not valid.`
}

const show = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'None')).slice(0, 300)

type Kind = (shown: string) => string

const flag: Kind = (shown) => `'${shown}' cannot be converted to boolean.`
const uuid: Kind = (shown) => `'${shown}' is not a valid UUID.`
const ip: Kind = (shown) => `'${shown}' is not a valid IP address.`
const mac: Kind = (shown) => `'${shown}' is not a valid MAC address.`
const cidr: Kind = (shown) => `'${shown}' is not a valid IP subnet.`
const integer: Kind = (shown) => `'${shown}' is not an integer.`

/** How values of an attribute, wherever it occurs, are refused. */
const kinds: Readonly<Record<string, Kind>> = {
  admin_state_up: flag,
  shared: flag,
  'router:external': flag,
  is_default: flag,
  port_security_enabled: flag,
  enable_dhcp: flag,
  stateful: flag,
  enable_snat: flag,
  distributed: flag,
  ha: flag,
  network_id: uuid,
  subnet_id: uuid,
  port_id: uuid,
  router_id: uuid,
  security_group_id: uuid,
  remote_group_id: uuid,
  floating_network_id: uuid,
  security_groups: uuid,
  ip_address: ip,
  gateway_ip: ip,
  nexthop: ip,
  dns_nameservers: ip,
  fixed_ip_address: ip,
  floating_ip_address: ip,
  start: ip,
  end: ip,
  mac_address: mac,
  cidr,
  destination: cidr,
  mtu: integer,
  'provider:segmentation_id': integer,
}
