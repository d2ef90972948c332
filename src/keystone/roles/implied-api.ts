import { route } from '../../cloud/service.ts'
import { forbidden, notFound } from '../../kernel/errors.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { selfLink } from '../lists.ts'
import { changed } from '../memory.ts'
import { found } from '../refusals.ts'
import { allImplications, allRoles, imply, roleById, unimply } from './store.ts'
import { inferenceView } from './view.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { Db } from '../../kernel/sql/tables.ts'

/** No role may bring this one with it. keystone's option prohibited_implied_role */
const prohibited = 'admin'

type Pair = { readonly prior_role_id: string; readonly implied_role_id: string }

const pairOf = async (db: Db, { prior_role_id, implied_role_id }: Pair) => ({
  prior: found(await roleById(db, prior_role_id), 'role', prior_role_id),
  implied: found(await roleById(db, implied_role_id), 'role', implied_role_id),
})

const missing = ({ prior_role_id, implied_role_id }: Pair) => notFound(`${prior_role_id} does not imply ${implied_role_id}.`)

async function shown(ctx: RequestContext, db: Db, params: Pair): Promise<object> {
  const { prior, implied } = await pairOf(db, params)
  const isImplied = (await allImplications(db)).some((one) => one.prior_role_id === prior.id && one.implied_role_id === implied.id)
  if (!isImplied) throw missing(params)
  return { role_inference: inferenceView(ctx, prior, implied), links: { self: selfLink(ctx) } }
}

export const impliedRoles = [
  route('GET /v3/roles/:prior_role_id/implies', {
    rule: 'identity:list_implied_roles',
    run: async (ctx, db, { params }) => {
      const prior = found(await roleById(db, params.prior_role_id), 'role', params.prior_role_id)
      const implied = new Set((await allImplications(db)).filter((one) => one.prior_role_id === prior.id).map((one) => one.implied_role_id))
      const roles = (await allRoles(db)).filter((role) => implied.has(role.id))
      return ok({ role_inference: inferenceView(ctx, prior, roles), links: { self: selfLink(ctx) } })
    },
  }),
  route('GET /v3/roles/:prior_role_id/implies/:implied_role_id', {
    rule: 'identity:get_implied_role',
    run: async (ctx, db, { params }) => ok(await shown(ctx, db, params)),
  }),
  // Without a body HEAD is 204 in keystone, and GET 200.
  route('HEAD /v3/roles/:prior_role_id/implies/:implied_role_id', {
    rule: 'identity:check_implied_role',
    run: async (ctx, db, { params }) => {
      await shown(ctx, db, params)
      return noContent()
    },
  }),
  route('PUT /v3/roles/:prior_role_id/implies/:implied_role_id', {
    rule: 'identity:create_implied_role',
    run: async (ctx, tx, { params }) => {
      const { prior, implied } = await pairOf(tx, params)
      // What is for all domains brings nothing that is for one.
      const narrows = prior.domain_id === '' && implied.domain_id !== ''
      if (implied.name === prohibited || narrows) throw forbidden(`${implied.id} cannot be an implied roles.`)
      await imply(ctx, tx, { prior: prior.id, implied: implied.id })
      changed(ctx, tx)
      return created(await shown(ctx, tx, params))
    },
  }),
  route('DELETE /v3/roles/:prior_role_id/implies/:implied_role_id', {
    rule: 'identity:delete_implied_role',
    run: async (ctx, tx, { params }) => {
      if (!(await unimply(tx, { prior: params.prior_role_id, implied: params.implied_role_id }))) throw missing(params)
      changed(ctx, tx)
      return noContent()
    },
  }),
  route('GET /v3/role_inferences', {
    rule: 'identity:list_role_inference_rules',
    run: async (ctx, db) => {
      const roles = new Map((await allRoles(db)).map((role) => [role.id, role]))
      const pairs = Map.groupBy(await allImplications(db), (one) => one.prior_role_id)
      const inferences = [...pairs].map(([prior, implied]) =>
        inferenceView(
          ctx,
          roles.get(prior)!,
          implied.map((one) => roles.get(one.implied_role_id)!),
        ),
      )
      return ok({ role_inferences: inferences, links: { self: selfLink(ctx) } })
    },
  }),
]
