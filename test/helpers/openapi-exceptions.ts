/** Where OpenStack answers otherwise than its description says: what the complaint would be, and how it is instead. */
export const exceptions: readonly { readonly complaint: RegExp; readonly instead: string }[] = [
  {
    complaint: /^GET \/identity\/v3\/auth\/(projects|domains): .*\/?links must be array/,
    instead: "keystone's links are an object, here as everywhere",
  },
  { complaint: /^GET \/image\/v2\/schemas\/[\w/]+: +must be string/, instead: 'a schema is an object' },
  {
    complaint:
      /^GET \/image\/v2\/images\/\{image_id}\/tasks: \/tasks\/\d+(\/deleted(_at)? schema is false| must not have additional properties \{"additionalProperties":\["deleted_at","deleted"\]\})/,
    instead: "glance shows the rows of an image's tasks as they are",
  },
  { complaint: /^GET \/image\/v2\/info\/stores(\/detail)?: \/stores\/\d+\/default must be boolean/, instead: 'it is the text "true"' },
  { complaint: /: \/protocol\/remote_id_attribute must be string/, instead: 'null, where none was given' },
  { complaint: /: \/token\/user\/password_expires_at must be string/, instead: 'null, for a password that never does' },
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
