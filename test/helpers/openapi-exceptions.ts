/** Where OpenStack answers otherwise than its description says: what the complaint would be, and how it is instead. */
export const exceptions: readonly { readonly complaint: RegExp; readonly instead: string }[] = [
  {
    complaint: /^GET \/identity\/v3\/(auth|OS-FEDERATION)\/(projects|domains): .*\/?links must be array/,
    instead: "keystone's links are an object, here as everywhere",
  },
  { complaint: /^GET \/image\/v2\/schemas\/[\w/]+: +must be string/, instead: 'a schema is an object' },
  {
    complaint:
      /^GET \/image\/v2\/images\/\{image_id}\/tasks: \/tasks\/\d+(\/deleted(_at)? schema is false| must not have additional properties \{"additionalProperties":\["deleted_at","deleted"\]\})/,
    instead: "glance shows the rows of an image's tasks as they are",
  },
  { complaint: /^GET \/image\/v2\/info\/stores(\/detail)?: \/stores\/\d+\/default must be boolean/, instead: 'it is the text "true"' },
  { complaint: /: \/trust\/remaining_uses must be >= 1/, instead: 'a trust that is used up has 0' },
  {
    complaint: /^PATCH .*\/config\/\{group}(\/\{option})?: \/config must not have more than 1/,
    instead: 'the whole configuration comes back',
  },
  { complaint: /: \/protocols\/\d+ must have required properties idp_id/, instead: 'it is in the links alone' },
  { complaint: /: \/protocols?\/(\d+\/)?remote_id_attribute must be string/, instead: 'null, where none was given' },
  { complaint: /: \/token\/user\/password_expires_at must be string/, instead: 'null, for a password that never does' },
  {
    complaint: /^(GET|PUT) \/placement\/resource_providers\/\{uuid}\/traits: .*resource_provider_generation/,
    instead: 'it has the new generation',
  },
  { complaint: /^POST \/placement\/resource_providers\/\{uuid}\/inventories: /, instead: 'the one that was made comes back' },
  {
    complaint: /^(GET|PUT) \/placement\/resource_providers\/\{uuid}\/aggregates: +must have required/,
    instead: 'before 1.19 there is none',
  },
  { complaint: /^\w+ \/placement\/resource_providers(\/\{uuid})?: .*\/parent_provider_uuid must be string/, instead: 'null, for a root' },
  { complaint: /^GET \/placement\/allocation_candidates: .*\/allocations must be object/, instead: 'before 1.12 allocations are a list' },
  {
    complaint: /^GET \/image\/v2\/metadefs\/namespaces\/\{namespace_name}\/properties: \/properties must not have additional/,
    instead: 'each property stands under its own name',
  },
  { complaint: /^POST \/image\/v2\/metadefs\/namespaces\/\{namespace_name}\/tags: /, instead: 'all that were made come back' },
  { complaint: /^GET \/image\/v2\/info\/usage: \/usage must be array/, instead: 'it is an object, by the names of the limits' },
  { complaint: /^GET \/placement\/usages: \/usages\/\w+ must be object/, instead: 'before 1.38 usages are numbers' },
  {
    complaint: /^GET \/placement\/allocations\/\{consumer_uuid}: \/consumer_type must match/,
    instead: 'a consumer that has no type is "unknown"',
  },
  {
    complaint: /^GET \/placement\/resource_providers\/\{uuid}\/allocations: .*consumer_generation/,
    instead: 'it has the generation of each consumer, since 1.28',
  },
  { complaint: /\/roles\/\d+\/description must be string/, instead: 'a role without a description has null' },
]
