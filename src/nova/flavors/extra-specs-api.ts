import { pythonText } from '../../cloud/schema-words.ts'
import { route } from '../../cloud/service.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
import { ok } from '../../kernel/http/answer.ts'
import { deleteExtraSpec, extraSpecs, setExtraSpecs } from './extra-specs-store.ts'
import { flavorFor } from './manage.ts'
import { CreateExtraSpecs, UpdateExtraSpec } from './schema.ts'

/** Values are text; numbers and booleans become what Python makes of them. */
const asText = (specs: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(specs).map(([name, value]) => [name, pythonText(value)]))

const noSpec = (flavorId: string, name: string) => notFound(`Flavor ${flavorId} has no extra specs with key ${name}.`)

export const flavorExtraSpecs = [
  route('GET /v2.1/flavors/:id/os-extra_specs', {
    rule: 'os_compute_api:os-flavor-extra-specs:index',
    run: async (ctx, db, { params }) => {
      const flavor = await flavorFor(ctx, db, params.id)
      return ok({ extra_specs: await extraSpecs(db, flavor.id) })
    },
  }),
  route('POST /v2.1/flavors/:id/os-extra_specs', {
    rule: 'os_compute_api:os-flavor-extra-specs:create',
    body: CreateExtraSpecs,
    run: async (ctx, tx, { params, body }) => {
      const flavor = await flavorFor(ctx, tx, params.id)
      const specs = asText(body.extra_specs)
      await setExtraSpecs(ctx, tx, flavor.id, specs)
      return ok({ extra_specs: specs })
    },
  }),
  route('GET /v2.1/flavors/:id/os-extra_specs/:name', {
    rule: 'os_compute_api:os-flavor-extra-specs:show',
    run: async (ctx, db, { params: { id, name } }) => {
      const flavor = await flavorFor(ctx, db, id)
      const specs = await extraSpecs(db, flavor.id)
      if (!Object.hasOwn(specs, name)) throw noSpec(id, name)
      return ok({ [name]: specs[name] })
    },
  }),
  route('PUT /v2.1/flavors/:id/os-extra_specs/:name', {
    rule: 'os_compute_api:os-flavor-extra-specs:update',
    body: UpdateExtraSpec,
    run: async (ctx, tx, { params: { id, name }, body }) => {
      if (!Object.hasOwn(body, name)) throw invalid('Request body and URI mismatch')
      const flavor = await flavorFor(ctx, tx, id)
      const specs = asText(body)
      await setExtraSpecs(ctx, tx, flavor.id, specs)
      return ok(specs)
    },
  }),
  route('DELETE /v2.1/flavors/:id/os-extra_specs/:name', {
    rule: 'os_compute_api:os-flavor-extra-specs:delete',
    run: async (ctx, tx, { params: { id, name } }) => {
      const flavor = await flavorFor(ctx, tx, id)
      if (!(await deleteExtraSpec(tx, flavor.id, name))) throw noSpec(id, name)
      return ok(undefined)
    },
  }),
]
