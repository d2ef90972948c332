import { Type } from 'typebox'
import { invalid } from '../kernel/errors.ts'

/** A UUID, with or without dashes, as Python's uuid module takes it. */
export const uuidPattern = '^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$'
const uuidLike = new RegExp(uuidPattern)

export const Uuid = Type.String({ pattern: uuidPattern })
/** Keys of objects must be UUIDs with dashes. */
export const UuidKey = Type.String({ pattern: '^[0-9a-fA-F-]{36}$' })
export const ClassName = Type.String({ pattern: '^[A-Z0-9_]+$', maxLength: 255 })
export const CustomName = Type.String({ pattern: '^CUSTOM_[A-Z0-9_]+$', minLength: 1, maxLength: 255 })
export const Generation = Type.Integer()

export const isUuid = (text: string): boolean => uuidLike.test(text)
export const isCustomName = (text: string): boolean => /^CUSTOM_[A-Z0-9_]+$/.test(text) && text.length <= 255

/** A UUID in small letters with dashes; text that is none stays as it is, and will not be found. */
export function normalUuid(text: string): string {
  if (!isUuid(text)) return text
  const digits = text.replaceAll('-', '').toLowerCase()
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-')
}

/** Refuses text that is no UUID. */
export function assertUuid(text: string, message: string): string {
  if (!isUuid(text)) throw invalid(message)
  return normalUuid(text)
}
