import { enforce } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { forbidden } from '../../kernel/errors.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { extraChange, extraOf, given, mergedOptions, optionsChange } from '../attributes.ts'
import { collection } from '../lists.ts'
import { changed } from '../memory.ts'
import { projectRow } from '../projects/store.ts'
import { assertMutable, couldNotFind, found, nameTaken, unlessTaken } from '../refusals.ts'
import { CreateRole, RoleFields, RoleQuery, UpdateRole } from './schema.ts'
import { deleteRoles, insertRole, listRoles, roleById, updateRole } from './store.ts'
import { roleView } from './view.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { RoleRow } from '../tables.ts'

/** The role, if policy allows the act; roles of a domain have rules of their own. */
async function allowedRole(ctx: CloudContext, db: Db, act: 'get' | 'update' | 'delete', id: string): Promise<RoleRow> {
  const row = await roleById(db, id)
  if (row && row.domain_id !== '') enforce(ctx, `identity:${act}_domain_role`, { domain_id: row.domain_id })
  else enforce(ctx, `identity:${act}_role`)
  return found(row, 'role', id)
}

export const roles = [
  route('GET /v3/roles', {
    rule: 'identity:list_roles',
    query: RoleQuery,
    run: async (ctx, db, { query }) => {
      if (query.domain_id) enforce(ctx, 'identity:list_domain_roles', { domain_id: query.domain_id })
      return ok(collection(ctx, 'roles', await listRoles(db, query), roleView(ctx), query.limit))
    },
  }),
  route('POST /v3/roles', {
    rule: 'identity:create_role',
    body: CreateRole,
    run: async (ctx, tx, { body: { role } }) => {
      const domainId = role.domain_id ?? ''
      if (domainId !== '') enforce(ctx, 'identity:create_domain_role')
      if (domainId !== '' && !(await projectRow(tx, domainId))?.is_domain) throw couldNotFind('domain', domainId)
      const id = ctx.ids.hex()
      const options = mergedOptions({}, role.options)
      const isNew = await insertRole(ctx, tx, {
        id,
        domainId,
        name: role.name,
        description: role.description ?? null,
        options,
        extra: extraOf(role, RoleFields),
      })
      if (!isNew) throw nameTaken('role', { name: role.name, domainId })
      return created({ role: roleView(ctx)((await roleById(tx, id))!) })
    },
  }),
  route('GET /v3/roles/:role_id', {
    rule: 'identity:get_role',
    run: async (ctx, db, { params }) => ok({ role: roleView(ctx)(await allowedRole(ctx, db, 'get', params.role_id)) }),
  }),
  route('PATCH /v3/roles/:role_id', {
    rule: 'identity:update_role',
    body: UpdateRole,
    run: async (ctx, tx, { params, body: { role } }) => {
      const row = await allowedRole(ctx, tx, 'update', params.role_id)
      assertMutable('update', 'role', row, role.options)
      if (role.domain_id !== undefined && (role.domain_id ?? '') !== row.domain_id) throw forbidden('Update of `domain_id` is not allowed.')
      const change = {
        ...given(role, 'name', 'description'),
        ...optionsChange(row.options_json, role.options),
        ...extraChange(row.extra_json, role, RoleFields),
      }
      await unlessTaken(
        () => updateRole(tx, row.id, change),
        () => nameTaken('role', { name: role.name!, domainId: row.domain_id }),
      )
      changed(ctx, tx)
      return ok({ role: roleView(ctx)(found(await roleById(tx, row.id), 'role', row.id)) })
    },
  }),
  route('DELETE /v3/roles/:role_id', {
    rule: 'identity:delete_role',
    run: async (ctx, tx, { params }) => {
      const row = await allowedRole(ctx, tx, 'delete', params.role_id)
      assertMutable('delete', 'role', row)
      await deleteRoles(tx, [row.id])
      changed(ctx, tx)
      return noContent()
    },
  }),
]
