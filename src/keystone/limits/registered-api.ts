import { route } from '../../cloud/service.ts'
import { forbidden, invalid } from '../../kernel/errors.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { given } from '../attributes.ts'
import { collection, selfLink } from '../lists.ts'
import { found, stored, unlessTaken } from '../refusals.ts'
import { regionById } from '../regions/store.ts'
import { serviceById } from '../services/store.ts'
import { CreateRegisteredLimits, RegisteredLimitQuery, UpdateRegisteredLimit } from './schema.ts'
import {
  deleteRegisteredLimit,
  hasLimits,
  insertRegisteredLimit,
  listRegisteredLimits,
  registeredLimitById,
  updateRegisteredLimit,
} from './store.ts'
import { registeredLimitView } from './view.ts'
import type { Db } from '../../kernel/sql/tables.ts'

const taken = () => stored('registered_limit', 'Duplicate entry.')
const missing = 'registered limit for id'

/** A limit is about a service, and about a region when it names one; both must be there. */
export async function assertPlace(db: Db, { service_id, region_id }: { service_id?: string; region_id?: string | null }): Promise<void> {
  if (service_id !== undefined && !(await serviceById(db, service_id))) throw invalid(`Unable to find valid service ${service_id}.`)
  if (region_id && !(await regionById(db, region_id))) throw invalid(`Unable to find valid region ${region_id}.`)
}

export const registeredLimits = [
  route('GET /v3/registered_limits', {
    rule: 'identity:list_registered_limits',
    query: RegisteredLimitQuery,
    run: async (ctx, db, { query }) =>
      ok(collection(ctx, 'registered_limits', await listRegisteredLimits(db, query), registeredLimitView(ctx), query.limit)),
  }),
  route('POST /v3/registered_limits', {
    rule: 'identity:create_registered_limits',
    body: CreateRegisteredLimits,
    run: async (ctx, tx, { body }) => {
      const rows = body.registered_limits.map((one) => ({
        ...one,
        id: ctx.ids.hex(),
        region_id: one.region_id ?? '',
        description: one.description ?? null,
      }))
      for (const row of rows) {
        await assertPlace(tx, row)
        if (!(await insertRegisteredLimit(ctx, tx, row))) throw taken()
      }
      return created({ registered_limits: rows.map(registeredLimitView(ctx)), links: { next: null, self: selfLink(ctx), previous: null } })
    },
  }),
  route('GET /v3/registered_limits/:id', {
    rule: 'identity:get_registered_limit',
    run: async (ctx, db, { params }) =>
      ok({ registered_limit: registeredLimitView(ctx)(found(await registeredLimitById(db, params.id), missing, params.id)) }),
  }),
  route('PATCH /v3/registered_limits/:id', {
    rule: 'identity:update_registered_limit',
    body: UpdateRegisteredLimit,
    run: async (ctx, tx, { params, body: { registered_limit: change } }) => {
      const row = found(await registeredLimitById(tx, params.id), missing, params.id)
      await assertPlace(tx, change)
      const moves = change.service_id !== undefined || change.region_id !== undefined || change.resource_name !== undefined
      if (moves && (await hasLimits(tx, row)))
        throw forbidden(`Unable to update or delete registered limit ${row.id} because there are project limits associated with it.`)
      await unlessTaken(
        () =>
          updateRegisteredLimit(tx, row.id, {
            ...given(change, 'service_id', 'resource_name', 'default_limit', 'description'),
            ...(change.region_id !== undefined && { region_id: change.region_id ?? '' }),
          }),
        taken,
      )
      return ok({ registered_limit: registeredLimitView(ctx)((await registeredLimitById(tx, row.id))!) })
    },
  }),
  route('DELETE /v3/registered_limits/:id', {
    rule: 'identity:delete_registered_limit',
    run: async (_ctx, tx, { params }) => {
      const row = found(await registeredLimitById(tx, params.id), missing, params.id)
      if (await hasLimits(tx, row))
        throw forbidden(`Unable to update or delete registered limit ${row.id} because there are project limits associated with it.`)
      await deleteRegisteredLimit(tx, row.id)
      return noContent()
    },
  }),
]
