import { Type } from 'typebox'
import { Count, Flag, inEnvelope } from '../schema-types.ts'

const limit = Type.Optional(Count(-1))
const until235 = Type.Optional({ ...Count(-1), until: '2.35' })
const until256 = Type.Optional({ ...Count(-1), until: '2.56' })

const limits = {
  instances: limit,
  cores: limit,
  ram: limit,
  metadata_items: limit,
  key_pairs: limit,
  server_groups: limit,
  server_group_members: limit,
  floating_ips: until235,
  fixed_ips: until235,
  security_groups: until235,
  security_group_rules: until235,
  injected_files: until256,
  injected_file_content_bytes: until256,
  injected_file_path_bytes: until256,
}

export const UpdateQuota = inEnvelope('quota_set', Type.Object({ ...limits, force: Type.Optional(Flag) }, { additionalProperties: false }))
export const UpdateQuotaClass = inEnvelope(
  'quota_class_set',
  Type.Object(limits, { additionalProperties: false, minProperties: 1, maxProperties: 20 }),
)
