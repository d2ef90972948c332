import { Type, type Static } from 'typebox'

const text = (maxLength: number) => Type.String({ maxLength })
const anyScalar = Type.Unsafe<string | number | boolean | null>({ type: ['string', 'number', 'boolean', 'null'] })
const textOrNull = (maxLength: number) => Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength })

/** A rule as a client writes it. What its values mean together is checked by `readRule`, in words that clients know. */
export const Rule = Type.Object(
  {
    security_group_id: text(36),
    direction: Type.Enum(['ingress', 'egress']),
    ethertype: Type.Optional(anyScalar),
    protocol: Type.Optional(anyScalar),
    port_range_min: Type.Optional(anyScalar),
    port_range_max: Type.Optional(anyScalar),
    remote_ip_prefix: Type.Optional(textOrNull(64)),
    remote_group_id: Type.Optional(textOrNull(36)),
    remote_address_group_id: Type.Optional(textOrNull(36)),
    description: Type.Optional(text(255)),
    project_id: Type.Optional(text(255)),
    tenant_id: Type.Optional(text(255)),
  },
  { additionalProperties: false },
)
export type RuleBody = Static<typeof Rule>

export const CreateRules = Type.Object(
  { security_group_rule: Type.Optional(Rule), security_group_rules: Type.Optional(Type.Array(Rule, { minItems: 1 })) },
  { additionalProperties: false },
)
