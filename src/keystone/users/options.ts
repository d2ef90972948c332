import { Type } from 'typebox'
import { orNull } from '../attributes.ts'

const flag = Type.Optional(orNull<boolean>('boolean'))

/** What an administrator may say of one user; see `compliance/` and `tokens/factors.ts`. Null takes an option away. */
export const UserOptions = Type.Object(
  {
    ignore_change_password_upon_first_use: flag,
    ignore_password_expiry: flag,
    ignore_lockout_failure_attempts: flag,
    lock_password: flag,
    ignore_user_inactivity: flag,
    multi_factor_auth_enabled: flag,
    multi_factor_auth_rules: Type.Optional(
      orNull<string[][]>('array', {
        items: { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true },
        uniqueItems: true,
      }),
    ),
  },
  { additionalProperties: false },
)
