import { Type } from 'typebox'
import { Count, Digits, Flag, inEnvelope, Name } from '../schema-types.ts'

const hard = ['anti-affinity', 'affinity'] as const
const all = [...hard, 'soft-anti-affinity', 'soft-affinity'] as const

const withPolicies = (policies: readonly string[]) =>
  inEnvelope(
    'server_group',
    Type.Object(
      {
        name: Name,
        policies: Type.Array(Type.Unsafe<string>({ type: 'string', enum: policies }), { minItems: 1, maxItems: 1, uniqueItems: true }),
      },
      { additionalProperties: false },
    ),
  )

/** Until 2.63 a group had a list of policies, of exactly one; the soft ones came with 2.15. */
export const CreateHardGroup = withPolicies(hard)
export const CreateSoftGroup = withPolicies(all)
export const CreateGroup = inEnvelope(
  'server_group',
  Type.Object(
    {
      name: Name,
      policy: Type.Unsafe<string>({ type: 'string', enum: all }),
      rules: Type.Optional(Type.Object({ max_server_per_host: Type.Optional(Count(1)) }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
)

export const GroupList = Type.Object({ all_projects: Type.Optional(Flag), limit: Type.Optional(Digits), offset: Type.Optional(Digits) })
