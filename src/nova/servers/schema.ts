import { Type, type Static } from 'typebox'
import { Count, Digits, Flag, inEnvelope, Name } from '../schema-types.ts'

const text = (maxLength: number) => Type.String({ maxLength })
const AddressOf = (format: 'ipv4' | 'ipv6') => Type.Unsafe<string>({ type: 'string', anyOf: [{ format }, { const: '' }] })
const Description = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 255 })
const DiskConfig = Type.Enum(['AUTO', 'MANUAL'])
const hostnameRules = { type: 'string', minLength: 2, maxLength: 63, pattern: '^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$' }
/** A hostname, since 2.94 with a domain. */
const hostnames = {
  hostname: Type.Optional(
    Type.Unsafe<string>({ ...hostnameRules, maxLength: 255, pattern: '^[a-zA-Z0-9]+[a-zA-Z0-9.-]*[a-zA-Z0-9]+$', since: '2.90' }),
  ),
}

export const Metadata = Type.Unsafe<Record<string, string>>({
  type: 'object',
  patternProperties: { '^[a-zA-Z0-9\\-_:. ]{1,255}$': { type: 'string', maxLength: 255 } },
  additionalProperties: false,
})

export const Tag = Type.String({ minLength: 1, maxLength: 60, pattern: '^[^,/]*$' })

const Network = Type.Object(
  {
    uuid: Type.Optional(Type.String({ format: 'uuid' })),
    port: Type.Optional(Type.Unsafe<string | null>({ anyOf: [{ type: 'string', format: 'uuid' }, { type: 'null' }] })),
    fixed_ip: Type.Optional(Type.Unsafe<string>({ type: 'string', anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] })),
    tag: Type.Optional(Type.String({ minLength: 1, maxLength: 60, pattern: '^[^,/]*$', since: '2.32' })),
  },
  { additionalProperties: false },
)
export type NetworkBody = Static<typeof Network>

/** Everything that may be said of a block device; which of it can be done is decided when a server is planned. */
const BlockDevice = Type.Object({
  boot_index: Type.Optional(Type.Unsafe<number | string | null>({ type: ['integer', 'string', 'null'], pattern: '^-?[0-9]+$' })),
  source_type: Type.Optional(Type.Enum(['volume', 'image', 'snapshot', 'blank'])),
  destination_type: Type.Optional(Type.Enum(['local', 'volume'])),
  uuid: Type.Optional(Type.String({ minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9._-]*$' })),
  delete_on_termination: Type.Optional(Flag),
})
export type BlockDeviceBody = Static<typeof BlockDevice>

const Personality = Type.Array(Type.Object({ path: Type.String(), contents: Type.String() }, { additionalProperties: false }))

const common = {
  name: Name,
  flavorRef: Type.Unsafe<string | number>({ type: ['string', 'integer'], minLength: 1 }),
  imageRef: Type.Optional(Type.Unsafe<string>({ type: 'string', anyOf: [{ format: 'uuid' }, { const: '' }] })),
  adminPass: Type.Optional(Type.String()),
  accessIPv4: Type.Optional(AddressOf('ipv4')),
  accessIPv6: Type.Optional(AddressOf('ipv6')),
  metadata: Type.Optional(Metadata),
  'OS-DCF:diskConfig': Type.Optional(DiskConfig),
  security_groups: Type.Optional(
    Type.Array(Type.Object({ name: Type.String({ minLength: 1, maxLength: 255 }) }, { additionalProperties: true })),
  ),
  key_name: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], minLength: 1, maxLength: 255 })),
  user_data: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 65_535 })),
  availability_zone: Type.Optional(Name),
  config_drive: Type.Optional(Flag),
  min_count: Type.Optional(Count(1)),
  max_count: Type.Optional(Count(1)),
  return_reservation_id: Type.Optional(Flag),
  block_device_mapping: Type.Optional(Type.Array(Type.Object({}))),
  block_device_mapping_v2: Type.Optional(Type.Array(BlockDevice)),
  personality: Type.Optional({ ...Personality, until: '2.56' }),
  description: Type.Optional({ ...Description, since: '2.19' }),
  tags: Type.Optional(Type.Array(Tag, { maxItems: 50, uniqueItems: true, since: '2.52' })),
  trusted_image_certificates: Type.Optional(
    Type.Unsafe<string[] | null>({
      type: ['array', 'null'],
      items: { type: 'string', minLength: 1 },
      minItems: 1,
      maxItems: 50,
      since: '2.63',
    }),
  ),
  host: Type.Optional(Type.String({ minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9._-]*$', since: '2.74' })),
  hypervisor_hostname: Type.Optional(Type.String({ minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9._-]*$', since: '2.74' })),
  ...hostnames,
}

const Ids = Type.Unsafe<string | string[]>({
  anyOf: [
    { type: 'string', format: 'uuid' },
    { type: 'array', items: { type: 'string', format: 'uuid' } },
  ],
})
const Hints = Type.Object({
  group: Type.Optional(Type.String({ format: 'uuid' })),
  different_host: Type.Optional(Ids),
  same_host: Type.Optional(Ids),
})

const hints = { 'os:scheduler_hints': Type.Optional(Hints), 'OS-SCH-HNT:scheduler_hints': Type.Optional(Hints) }
const strict = { additionalProperties: false }

/** Until 2.36 a server that says nothing of networks gets one. */
export const CreateServerUntil236 = Type.Object(
  { server: Type.Object({ ...common, networks: Type.Optional(Type.Array(Network)) }, strict), ...hints },
  strict,
)
/** Since 2.37 networks must be named, or left to nova. */
export const CreateServer = Type.Object(
  {
    server: Type.Object(
      { ...common, networks: Type.Unsafe<NetworkBody[] | 'auto' | 'none'>({ anyOf: [Type.Array(Network), { enum: ['auto', 'none'] }] }) },
      strict,
    ),
    ...hints,
  },
  strict,
)
export type CreateServerBody = Static<typeof CreateServerUntil236>['server'] | Static<typeof CreateServer>['server']
export type HintsBody = Static<typeof Hints>

export const UpdateServer = inEnvelope(
  'server',
  Type.Object(
    {
      name: Type.Optional(Name),
      accessIPv4: Type.Optional(AddressOf('ipv4')),
      accessIPv6: Type.Optional(AddressOf('ipv6')),
      'OS-DCF:diskConfig': Type.Optional(DiskConfig),
      description: Type.Optional({ ...Description, since: '2.19' }),
      ...hostnames,
    },
    strict,
  ),
)
export type UpdateServerBody = Static<typeof UpdateServer>['server']

const anything = Type.Unsafe<unknown>({})
export const StartServer = inEnvelope('os-start', anything)
export const StopServer = inEnvelope('os-stop', anything)
export const RebootServer = inEnvelope('reboot', Type.Object({ type: Type.Enum(['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']) }, strict))
export const LockServer = inEnvelope(
  'lock',
  Type.Unsafe<{ locked_reason?: string } | null>({
    type: ['object', 'null'],
    properties: { locked_reason: { type: 'string', minLength: 1, maxLength: 255, since: '2.73' } },
    additionalProperties: false,
  }),
)
export const UnlockServer = inEnvelope('unlock', anything)
export const GetConsoleOutput = inEnvelope(
  'os-getConsoleOutput',
  Type.Object(
    {
      length: Type.Optional(
        Type.Unsafe<number | string | null>({ type: ['integer', 'string', 'null'], pattern: '^-?[0-9]+$', minimum: -1 }),
      ),
    },
    strict,
  ),
)

/** Sort keys, by nova's names. */
export const sortKeys = [
  'access_ip_v4',
  'access_ip_v6',
  'auto_disk_config',
  'availability_zone',
  'config_drive',
  'created_at',
  'display_description',
  'display_name',
  'host',
  'hostname',
  'image_ref',
  'instance_type_id',
  'kernel_id',
  'key_name',
  'launch_index',
  'launched_at',
  'locked_by',
  'node',
  'power_state',
  'progress',
  'project_id',
  'ramdisk_id',
  'root_device_name',
  'task_state',
  'terminated_at',
  'updated_at',
  'user_id',
  'uuid',
  'vm_state',
] as const

const words = Type.Optional(Type.Array(text(255)))
const filters = {
  limit: Type.Optional(Digits),
  marker: Type.Optional(text(255)),
  sort_key: Type.Optional(Type.Array(Type.Enum([...sortKeys, 'locked']))),
  sort_dir: Type.Optional(Type.Array(Type.Enum(['asc', 'desc']))),
  all_tenants: Type.Optional(text(255)),
  project_id: Type.Optional(text(255)),
  tenant_id: Type.Optional(text(255)),
  user_id: Type.Optional(text(255)),
  uuid: Type.Optional(text(255)),
  name: Type.Optional(text(255)),
  display_name: Type.Optional(text(255)),
  hostname: Type.Optional(text(255)),
  status: words,
  vm_state: words,
  task_state: words,
  power_state: Type.Optional(text(255)),
  flavor: Type.Optional(text(255)),
  image: Type.Optional(text(255)),
  image_ref: Type.Optional(text(255)),
  ip: Type.Optional(text(255)),
  ip6: Type.Optional(text(255)),
  host: Type.Optional(text(255)),
  node: Type.Optional(text(255)),
  hypervisor_hostname: Type.Optional(text(255)),
  availability_zone: Type.Optional(text(255)),
  key_name: Type.Optional(text(255)),
  config_drive: Type.Optional(text(255)),
  reservation_id: Type.Optional(text(255)),
  launch_index: Type.Optional(text(255)),
  deleted: Type.Optional(text(255)),
  'changes-since': Type.Optional(text(255)),
  'changes-before': Type.Optional({ ...text(255), since: '2.66' }),
  locked: Type.Optional({ ...text(255), since: '2.73' }),
  tags: Type.Optional({ ...text(4096), since: '2.26' }),
  'tags-any': Type.Optional({ ...text(4096), since: '2.26' }),
  'not-tags': Type.Optional({ ...text(4096), since: '2.26' }),
  'not-tags-any': Type.Optional({ ...text(4096), since: '2.26' }),
}
/** Known to nova, and of no consequence here. */
const ignored = Object.fromEntries(
  'access_ip_v4 access_ip_v6 auto_disk_config block_device_mapping created_at description display_description info_cache kernel_id launched_at locked_by metadata pci_devices progress ramdisk_id root_device_name security_groups services soft_deleted system_metadata terminated_at accessIPv4 accessIPv6'
    .split(' ')
    .map((name) => [name, Type.Optional(anything)]),
)

/** Until 2.74 a list takes any parameter, and passes over those that it does not know. */
export const ServerListUntil274 = Type.Object(filters)
export const ServerList = Type.Object({ ...filters, ...ignored }, strict) as unknown as typeof ServerListUntil274
export type ServerListQuery = Static<typeof ServerListUntil274>
