import { forbidden, invalid, overLimit } from '../../kernel/errors.ts'
import { enforce } from '../../cloud/policy.ts'
import { forbiddenWording } from './visible.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { ImageChoices } from './store.ts'

const maxTags = 128
const maxProperties = 128
const maxInteger = 2 ** 31 - 1

// Only the service itself sets these (glance/api/v2/images.py, glance/domain/__init__.py).
const readOnlyNames = new Set(
  'created_at updated_at status checksum os_hash_algo os_hash_value size virtual_size direct_url self file schema stores'.split(' '),
)
const reservedNames = new Set(['location', 'deleted', 'deleted_at'])

/** Refuses names that no client may write. */
export function assertWritable(name: string): void {
  if (readOnlyNames.has(name)) throw forbidden(`Attribute '${name}' is read-only.`)
  if (reservedNames.has(name) || name.startsWith('os_glance')) throw forbidden(`Attribute '${name}' is reserved.`)
  if (name === 'locations') throw forbidden("It's not allowed to add locations if locations are invisible.")
  if (name.length > 255) throw invalid('Custom property should not be greater than 255 characters.')
}

/** Refuses what a schema can't: bounds, and limits on the number of tags and properties. */
export function assertSensible(image: ImageChoices): void {
  assertAmount('min_disk', image.min_disk_gb)
  assertAmount('min_ram', image.min_ram_mb)
  assertAtMost('tags', image.tags.length, maxTags)
  assertAtMost('properties', Object.keys(image.properties).length, maxProperties)
}

function assertAmount(name: string, value: number): void {
  if (value < 0) throw invalid(`Invalid value '${value}' for parameter '${name}': Cannot be a negative value.`)
  if (value > maxInteger) throw invalid(`Invalid value '${value}' for parameter '${name}': Cannot be greater than ${maxInteger}.`)
}

function assertAtMost(what: string, attempted: number, maximum: number): void {
  if (attempted <= maximum) return
  throw overLimit(`The limit has been exceeded on the number of allowed image ${what}. Attempted: ${attempted}, Maximum: ${maximum}`)
}

/** Showing an image to others than its project needs a rule of its own. */
export function enforceVisibility(ctx: CloudContext, visibility: unknown, target: Readonly<Record<string, unknown>>): void {
  if (visibility === 'public') enforce(ctx, 'publicize_image', target, forbiddenWording)
  if (visibility === 'community') enforce(ctx, 'communitize_image', target, forbiddenWording)
}
