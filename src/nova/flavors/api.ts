import { action, actions, route } from '../../cloud/service.ts'
import type { CloudContext } from '../../cloud/context.ts'
import { notFound } from '../../kernel/errors.ts'
import { accepted, ok } from '../../kernel/http/answer.ts'
import { existsAt } from '../../kernel/http/schema.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { pageLinks, withLinks } from '../pages.ts'
import { extraSpecsOf } from './extra-specs-store.ts'
import { pageOfFlavors } from './list.ts'
import { closeFlavor, createFlavor, flavorFor, openFlavor } from './manage.ts'
import { AddTenantAccess, CreateFlavor, FlavorList, RemoveTenantAccess, UpdateFlavor } from './schema.ts'
import { deleteFlavor, describeFlavor, projectsOf, type Flavor } from './store.ts'
import { accessView, flavorRef, flavorView } from './view.ts'

/** Flavors in full, with their extra specs where the version has them and policy shows them. */
async function inFull(ctx: CloudContext, db: Db, flavors: readonly Flavor[]) {
  const shown =
    existsAt({ since: '2.61' }, ctx.version) &&
    ctx.policy.allows(ctx.subject, 'os_compute_api:os-flavor-extra-specs:index', ownProject(ctx))
  const specs = shown
    ? await extraSpecsOf(
        db,
        flavors.map((flavor) => flavor.id),
      )
    : undefined
  return flavors.map((flavor) => flavorView(ctx, flavor, specs && (specs.get(flavor.id) ?? {})))
}

const ownProject = (ctx: CloudContext) => ({ project_id: ctx.subject.projectId })

async function access(db: Db, flavor: Flavor) {
  if (flavor.isPublic) throw notFound('Access list not available for public flavors.')
  return accessView(flavor.id, await projectsOf(db, flavor.id))
}

export const flavors = [
  route('GET /v2.1/flavors', {
    rule: 'os_compute_api:flavors',
    query: FlavorList,
    run: async (ctx, db, { query }) => {
      const { flavors: page, limit } = await pageOfFlavors(ctx, db, query)
      const links = pageLinks(ctx, '/flavors', { ids: page.map((flavor) => flavor.id), limit })
      return ok(withLinks({ flavors: page.map((flavor) => flavorRef(ctx, flavor)) }, 'flavors', links))
    },
  }),
  route('GET /v2.1/flavors/detail', {
    rule: 'os_compute_api:flavors',
    query: FlavorList,
    run: async (ctx, db, { query }) => {
      const { flavors: page, limit } = await pageOfFlavors(ctx, db, query)
      const links = pageLinks(ctx, '/flavors/detail', { ids: page.map((flavor) => flavor.id), limit })
      return ok(withLinks({ flavors: await inFull(ctx, db, page) }, 'flavors', links))
    },
  }),
  route('POST /v2.1/flavors', {
    rule: 'os_compute_api:os-flavor-manage:create',
    body: CreateFlavor,
    run: async (ctx, tx, { body }) => {
      const [flavor] = await inFull(ctx, tx, [await createFlavor(ctx, tx, body.flavor)])
      return ok({ flavor })
    },
  }),
  route('GET /v2.1/flavors/:id', {
    rule: 'os_compute_api:flavors',
    run: async (ctx, db, { params }) => {
      const [flavor] = await inFull(ctx, db, [await flavorFor(ctx, db, params.id)])
      return ok({ flavor })
    },
  }),
  route('PUT /v2.1/flavors/:id', {
    rule: 'os_compute_api:os-flavor-manage:update',
    since: '2.55',
    body: UpdateFlavor,
    run: async (ctx, tx, { params, body }) => {
      await describeFlavor(ctx, tx, params.id, body.flavor.description)
      const [flavor] = await inFull(ctx, tx, [await flavorFor(ctx, tx, params.id)])
      return ok({ flavor })
    },
  }),
  route('DELETE /v2.1/flavors/:id', {
    rule: 'os_compute_api:os-flavor-manage:delete',
    run: async (_ctx, tx, { params }) => {
      if (!(await deleteFlavor(tx, params.id))) throw notFound(`Flavor ${params.id} could not be found.`)
      return accepted()
    },
  }),
  route('GET /v2.1/flavors/:id/os-flavor-access', {
    rule: 'os_compute_api:os-flavor-access',
    run: async (ctx, db, { params }) => ok(await access(db, await flavorFor(ctx, db, params.id))),
  }),
  actions('POST /v2.1/flavors/:id/action', {
    addTenantAccess: action({
      rule: 'os_compute_api:os-flavor-access:add_tenant_access',
      body: AddTenantAccess,
      run: async (ctx, tx, { params, body }) => {
        const flavor = await flavorFor(ctx, tx, params.id)
        await openFlavor(ctx, tx, flavor, body.addTenantAccess.tenant)
        return ok(await access(tx, flavor))
      },
    }),
    removeTenantAccess: action({
      rule: 'os_compute_api:os-flavor-access:remove_tenant_access',
      body: RemoveTenantAccess,
      run: async (ctx, tx, { params, body }) => {
        const flavor = await flavorFor(ctx, tx, params.id)
        await closeFlavor(tx, flavor, body.removeTenantAccess.tenant)
        return ok(await access(tx, flavor))
      },
    }),
  }),
]
