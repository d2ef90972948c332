import { Type, type Static } from 'typebox'
import { Count, Digits, Flag, inEnvelope, Name } from '../schema-types.ts'

const Description = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 65_535 })

export const CreateFlavor = inEnvelope(
  'flavor',
  Type.Object(
    {
      name: Name,
      id: Type.Optional(
        Type.Unsafe<string | number | null>({
          type: ['string', 'number', 'null'],
          minLength: 1,
          maxLength: 255,
          pattern: '^(?! )[a-zA-Z0-9. _-]+(?<! )$',
        }),
      ),
      ram: Count(1),
      vcpus: Count(1),
      disk: Count(0),
      'OS-FLV-EXT-DATA:ephemeral': Type.Optional(Count(0)),
      swap: Type.Optional(Count(0)),
      rxtx_factor: Type.Optional(
        Type.Unsafe<number | string>({
          type: ['number', 'string'],
          pattern: '^[0-9]+(\\.[0-9]+)?$',
          maxLength: 40,
          exclusiveMinimum: 0,
          maximum: 3.40282e38,
        }),
      ),
      'os-flavor-access:is_public': Type.Optional(Flag),
      description: Type.Optional({ ...Description, since: '2.55' }),
    },
    { additionalProperties: false },
  ),
)
export type CreateFlavorBody = Static<typeof CreateFlavor>['flavor']

export const UpdateFlavor = inEnvelope('flavor', Type.Object({ description: Description }, { additionalProperties: false }))

const text = Type.Optional(Type.String({ maxLength: 255 }))

export const FlavorList = Type.Object({
  limit: Type.Optional(Digits),
  marker: text,
  is_public: text,
  minRam: text,
  minDisk: text,
  sort_key: Type.Optional(
    Type.Enum([
      'created_at',
      'description',
      'disabled',
      'ephemeral_gb',
      'flavorid',
      'id',
      'is_public',
      'memory_mb',
      'name',
      'root_gb',
      'rxtx_factor',
      'swap',
      'updated_at',
      'vcpu_weight',
      'vcpus',
    ]),
  ),
  sort_dir: Type.Optional(Type.Enum(['asc', 'desc'])),
})
export type FlavorListQuery = Static<typeof FlavorList>

const Tenant = Type.Object(
  { tenant: Type.String({ minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9-]*$' }) },
  { additionalProperties: false },
)
export const AddTenantAccess = inEnvelope('addTenantAccess', Tenant)
export const RemoveTenantAccess = inEnvelope('removeTenantAccess', Tenant)

const SpecValue = { type: ['string', 'number', 'boolean'], maxLength: 255 }
const specs = (more: object) =>
  Type.Unsafe<Record<string, string | number | boolean>>({
    type: 'object',
    patternProperties: { '^[a-zA-Z0-9\\-_:. ]{1,255}$': SpecValue },
    additionalProperties: false,
    ...more,
  })
export const CreateExtraSpecs = inEnvelope('extra_specs', specs({}))
export const UpdateExtraSpec = specs({ minProperties: 1, maxProperties: 1 })
