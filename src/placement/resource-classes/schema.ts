import { Type } from 'typebox'
import { CustomName } from '../patterns.ts'

export const NamedClass = Type.Object({ name: CustomName }, { additionalProperties: false })
