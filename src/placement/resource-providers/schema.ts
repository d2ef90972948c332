import { Type } from 'typebox'
import { Uuid, uuidPattern } from '../patterns.ts'

const name = Type.String({ minLength: 1, maxLength: 200 })
const parent = Type.Optional(Type.Union([Uuid, Type.Null()], { since: '1.14' }))
const closed = { additionalProperties: false }

export const CreateProvider = Type.Object({ name, uuid: Type.Optional(Uuid), parent_provider_uuid: parent }, closed)
export type CreateProvider = Type.Static<typeof CreateProvider>

export const UpdateProvider = Type.Object({ name, parent_provider_uuid: parent }, closed)
export type UpdateProvider = Type.Static<typeof UpdateProvider>

const text = (since: string) => Type.Optional(Type.String({ since }))
const texts = (since: string) => Type.Optional(Type.Array(Type.String(), { since }))

export const ListProviders = Type.Object(
  {
    name: Type.Optional(Type.String()),
    uuid: Type.Optional(Uuid),
    member_of: texts('1.3'),
    resources: text('1.4'),
    in_tree: Type.Optional(Type.String({ pattern: uuidPattern, since: '1.14' })),
    required: texts('1.18'),
  },
  closed,
)
export type ListProviders = Type.Static<typeof ListProviders>
