import { Type } from 'typebox'
import { imageSchema } from '../schemas/image.ts'
import type { Visibility } from '../tables.ts'

/** What a request may say of an image; names that are none of these are properties with text as value. */
export interface ImageDocument {
  id?: string
  name?: string | null
  visibility?: Visibility
  protected?: boolean
  os_hidden?: boolean
  owner?: string | null
  container_format?: string | null
  disk_format?: string | null
  min_ram?: number
  min_disk?: number
  tags?: string[]
  [property: string]: unknown
}

/** The published schema itself checks requests. */
export const ImageBody = Type.Unsafe<ImageDocument>({
  type: 'object',
  properties: imageSchema.properties,
  additionalProperties: imageSchema.additionalProperties,
})

/** Operations have rules of their own, in words that no schema has; see `operations.ts`. */
export const PatchBody = Type.Unknown()

export const patchMedia = /^application\/openstack-images-v2\.[01]-json-patch\s*(;|$)/i

/** Where each attribute that clients may choose is kept. Tags and properties have tables of their own. */
export const columnOf = {
  name: 'name',
  owner: 'owner',
  visibility: 'visibility',
  disk_format: 'disk_format',
  container_format: 'container_format',
  min_disk: 'min_disk_gb',
  min_ram: 'min_ram_mb',
  protected: 'protected',
  os_hidden: 'os_hidden',
} as const

export type Attribute = keyof typeof columnOf

export const isAttribute = (name: string): name is Attribute => Object.hasOwn(columnOf, name)
