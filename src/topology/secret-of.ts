import { createHmac } from 'node:crypto'
import type { SecretOf } from './unit.ts'

/** Secrets for single purposes out of the one secret of a cloud: always the same, and none tells of another or of the one. 43 characters. */
export const secretOf =
  (cloudSecret: string): SecretOf =>
  (purpose) =>
    createHmac('sha256', cloudSecret).update(`skykeel ${purpose}`).digest('base64url')
