import { Type, type Static } from 'typebox'
import { controllerRoles } from './services.ts'
import type { HostRole } from './model.ts'

/** Every role that a host may be given, in the order of `skykeel topology list`. */
export const hostRoles = [
  'controller',
  ...controllerRoles,
  'balancer',
  'database',
  'etcd',
  'arbitrator',
  'message-queue',
  'nova-compute',
] as HostRole[]

// `must` completes "it must be …" and `example` is one that would do; both are for the person who wrote the file.
const Address = Type.Union([Type.String({ format: 'ipv4' }), Type.String({ format: 'ipv6' })], {
  must: 'an IP address',
  example: '10.0.0.11',
})
const Port = Type.Integer({ minimum: 1, maximum: 65_535, must: 'a port from 1 to 65535', example: '7770' })
const Path = Type.String({ pattern: '^/', must: 'an absolute path', example: '/srv/images' })
const Interface = Type.String({ pattern: '^[^\\s/]{1,15}$', must: 'the name of a network interface', example: 'eth0' })
const Word = Type.String({ minLength: 1, must: 'a text', example: 'rack-a' })
const oneOf = <const T extends string>(...choices: readonly T[]) =>
  Type.Enum(choices as readonly [T, ...T[]], { must: `one of ${choices.join(', ')}`, choices, example: choices[0] })

/** One host of the section `topology`. */
export const HostSchema = Type.Object(
  {
    address: Address,
    zone: Type.Optional(Word),
    roles: Type.Array(oneOf(...hostRoles), { minItems: 1, must: 'a list of roles', example: '[controller, database]' }),
    interface: Type.Optional(Interface),
  },
  { additionalProperties: false, must: 'a mapping with address and roles', example: '{address: 10.0.0.11, roles: [controller]}' },
)

/** The section `topology` of skykeel.yaml, but for what is inside of its hosts. */
export const SectionSchema = Type.Object(
  {
    address: Type.Optional(Address),
    prefix: Type.Optional(Type.Integer({ minimum: 1, maximum: 128, must: 'bits of a network, from 1 to 128', example: '24' })),
    port: Type.Optional(Port),
    controller_port: Type.Optional(Port),
    database: Type.Optional(oneOf('galera', 'patroni', 'external')),
    queue: Type.Optional(oneOf('rabbitmq', 'database', 'external')),
    tls: Type.Optional(
      Type.Union([Type.Enum(['none', 'private']), Type.Object({ certificate: Path }, { additionalProperties: false })], {
        must: 'none, private, or {certificate: PATH}',
        choices: ['none', 'private'],
        example: '{certificate: /etc/ssl/private/cloud.pem}',
      }),
    ),
    images: Type.Optional(
      Type.Object(
        {
          folder: Type.Optional(Path),
          shared: Type.Optional(Type.Boolean({ must: 'true or false', example: 'true' })),
        },
        { additionalProperties: false, must: 'a mapping with folder and shared', example: '{folder: /srv/images, shared: true}' },
      ),
    ),
    interface: Type.Optional(Interface),
    hosts: Type.Record(Type.String(), Type.Unknown(), {
      minProperties: 1,
      must: 'a mapping with at least one host',
      example: '{c1: {address: 10.0.0.11, roles: [controller]}}',
    }),
  },
  { additionalProperties: false, must: 'a mapping', example: '{address: 10.0.0.10, hosts: …}' },
)

export type Section = Static<typeof SectionSchema>
export type HostSection = Static<typeof HostSchema>
