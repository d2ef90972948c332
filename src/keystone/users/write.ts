import { invalid } from '../../kernel/errors.ts'
import { extraChange, extraOf, given, mergedOptions, optionsChange } from '../attributes.ts'
import { dayOf } from '../compliance/inactive.ts'
import { passwordColumns } from '../compliance/new-password.ts'
import { forgetFailures, keepPast } from '../compliance/store.ts'
import { changed } from '../memory.ts'
import { projectRow } from '../projects/store.ts'
import { changedMeanwhile, couldNotFind, found, nameTaken, unlessTaken } from '../refusals.ts'
import { recordRevocation } from '../revocations/store.ts'
import { UserFields, type CreateUserRequest, type UpdateUserRequest } from './schema.ts'
import { deleteUsers, insertUser, updateUser, userById } from './store.ts'
import type { Compliance } from '../compliance/compliance.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { UserRow } from '../tables.ts'

/** Makes a user; the password comes hashed. */
export async function createUser(
  ctx: Context,
  tx: Tx,
  asked: Compliance,
  { user, domainId, passwordHash }: { user: CreateUserRequest; domainId: string; passwordHash: string | null },
): Promise<UserRow> {
  if (!(await projectRow(tx, domainId))?.is_domain) throw couldNotFind('domain', domainId)
  await checkDefaultProject(tx, user.default_project_id)
  const id = ctx.ids.hex()
  const options = mergedOptions({}, user.options)
  const isNew = await insertUser(ctx, tx, {
    id,
    domainId,
    name: user.name,
    enabled: user.enabled ?? true,
    defaultProjectId: user.default_project_id ?? null,
    ...(passwordHash !== null && { password: passwordColumns(ctx, asked, { hash: passwordHash, options, isOwn: false }) }),
    lastActiveOn: dayOf(ctx.clock.now()),
    options,
    extra: extraOf(user, UserFields),
  })
  if (!isNew) throw nameTaken('user', { name: user.name, domainId })
  return (await userById(tx, id))!
}

/** Changes a user. A new password, or being disabled, ends all earlier tokens; one who stays enabled is no longer locked, nor inactive. */
export async function changeUser(
  ctx: Context,
  tx: Tx,
  asked: Compliance,
  row: UserRow,
  { user, passwordHash }: { user: UpdateUserRequest; passwordHash: string | null | undefined },
): Promise<UserRow> {
  if (user.domain_id !== undefined && user.domain_id !== row.domain_id) throw invalid('Cannot change Domain ID')
  await checkDefaultProject(tx, user.default_project_id)
  const isEnabled = user.enabled ?? row.enabled
  const options = mergedOptions(row.options_json, user.options)
  const endsTokens = passwordHash !== undefined || user.enabled === false
  const change = {
    ...given(user, 'name', 'enabled', 'default_project_id'),
    ...(passwordHash !== undefined && passwordColumns(ctx, asked, { hash: passwordHash, options, isOwn: false })),
    ...(endsTokens && { token_epoch: row.token_epoch + 1 }),
    ...optionsChange(row.options_json, user.options),
    ...extraChange(row.extra_json, user, UserFields),
    ...(isEnabled && { last_active_on: dayOf(ctx.clock.now()) }),
  }
  const done = await unlessTaken(
    () => updateUser(tx, row, change),
    () => nameTaken('user', { name: user.name!, domainId: row.domain_id }),
  )
  if (!done) throw changedMeanwhile()
  if (passwordHash !== undefined) await keepPast(ctx, tx, row, asked.uniqueLastPasswordCount - 1)
  if (typeof passwordHash === 'string' || (user.enabled === false && row.enabled)) await recordRevocation(ctx, tx, 'user_id', row.id)
  if (isEnabled) await forgetFailures(tx, row.id)
  changed(ctx, tx)
  return found(await userById(tx, row.id), 'user', row.id)
}

export async function removeUser(ctx: Context, tx: Tx, id: string): Promise<void> {
  if ((await deleteUsers(tx, [id])) === 0) throw couldNotFind('user', id)
  await recordRevocation(ctx, tx, 'user_id', id)
  changed(ctx, tx)
}

async function checkDefaultProject(db: Db, id: string | null | undefined): Promise<void> {
  if (id === undefined || id === null) return
  const project = found(await projectRow(db, id), 'project', id)
  if (project.is_domain) throw invalid("User's default project ID cannot be a domain ID.")
}
