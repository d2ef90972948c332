import { route } from '../../cloud/service.ts'
import { noContent, ok } from '../../kernel/http/answer.ts'
import { collection } from '../lists.ts'
import { roleView } from '../roles/view.ts'
import { systemId, type ActorType, type TargetType } from '../tables.ts'
import { assertHolding, checkRole, giveRole, takeRole } from './grant.ts'
import { rolesGiven, type Holding } from './store.ts'
import type { Route } from '../../kernel/http/route.ts'

interface Place {
  readonly target: TargetType
  readonly actor: ActorType
  readonly inherited: boolean
}

const actors: readonly ActorType[] = ['user', 'group']

const places: readonly Place[] = actors.flatMap((actor) => [
  { target: 'system', actor, inherited: false },
  ...(['project', 'domain'] as const).flatMap((target) => [false, true].map((inherited) => ({ target, actor, inherited }))),
])

const rulesOf = ({ target, actor }: Place) =>
  target === 'system'
    ? {
        list: `identity:list_system_grants_for_${actor}`,
        check: `identity:check_system_grant_for_${actor}`,
        create: `identity:create_system_grant_for_${actor}`,
        revoke: `identity:revoke_system_grant_for_${actor}`,
      }
    : { list: 'identity:list_grants', check: 'identity:check_grant', create: 'identity:create_grant', revoke: 'identity:revoke_grant' }

function routesOf(place: Place): Route[] {
  const { target, actor, inherited } = place
  const rules = rulesOf(place)
  const at = target === 'system' ? 'system' : `${target}s/:target_id`
  const base = `/v3/${inherited ? 'OS-INHERIT/' : ''}${at}/${actor}s/:actor_id/roles` as const
  const end = inherited ? '/inherited_to_projects' : ''
  const holdingOf = (params: Record<string, string>): Holding => ({
    actor_id: params['actor_id']!,
    actor_type: actor,
    target_id: params['target_id'] ?? systemId,
    target_type: target,
    inherited,
  })
  return [
    route(`GET ${base}${end}`, {
      rule: rules.list,
      run: async (ctx, db, { params }) => {
        const holding = holdingOf(params)
        await assertHolding(ctx, db, rules.list, holding)
        return ok(collection(ctx, 'roles', await rolesGiven(db, holding), roleView(ctx)))
      },
    }),
    route(`GET ${base}/:role_id${end}`, {
      rule: rules.check,
      run: async (ctx, db, { params }) => {
        const all: Record<string, string> = params
        await checkRole(ctx, db, rules.check, holdingOf(all), all['role_id']!)
        return noContent()
      },
    }),
    route(`PUT ${base}/:role_id${end}`, {
      rule: rules.create,
      run: async (ctx, tx, { params }) => {
        const all: Record<string, string> = params
        await giveRole(ctx, tx, rules.create, holdingOf(all), all['role_id']!)
        return noContent()
      },
    }),
    route(`DELETE ${base}/:role_id${end}`, {
      rule: rules.revoke,
      run: async (ctx, tx, { params }) => {
        const all: Record<string, string> = params
        await takeRole(ctx, tx, rules.revoke, holdingOf(all), all['role_id']!)
        return noContent()
      },
    }),
  ]
}

/** The same five routes for each kind of place in which a user or a group can have a role. */
export const grants: Route[] = places.flatMap(routesOf)
