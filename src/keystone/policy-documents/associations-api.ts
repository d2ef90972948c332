import { route } from '../../cloud/service.ts'
import { notFound } from '../../kernel/errors.ts'
import { noContent, ok } from '../../kernel/http/answer.ts'
import { endpointById } from '../endpoints/store.ts'
import { endpointView } from '../endpoints/view.ts'
import { collection } from '../lists.ts'
import { found } from '../refusals.ts'
import { regionById } from '../regions/store.ts'
import { serviceById } from '../services/store.ts'
import { associate, dissociate, endpointsOf, isAssociated, policyOf, type PolicyTarget } from './associations-store.ts'
import { policyById } from './store.ts'
import { policyView } from './view.ts'
import type { Db } from '../../kernel/sql/tables.ts'

interface Named {
  readonly policy_id: string
  readonly endpoint_id?: string
  readonly service_id?: string
  readonly region_id?: string
}

const noAssociation = () => notFound('Could not find policy association.')

/** What the path names, all of which must be there. */
async function targetOf(db: Db, { policy_id, endpoint_id = '', service_id = '', region_id = '' }: Named): Promise<PolicyTarget> {
  found(await policyById(db, policy_id), 'policy', policy_id)
  if (endpoint_id) found(await endpointById(db, endpoint_id), 'endpoint', endpoint_id)
  if (service_id) found(await serviceById(db, service_id), 'service', service_id)
  if (region_id) found(await regionById(db, region_id), 'region', region_id)
  return { endpoint_id, service_id, region_id }
}

const base = '/v3/policies/:policy_id/OS-ENDPOINT-POLICY'

/** The three things that may be done to a policy and what it is for. */
const three = (path: 'endpoints/:endpoint_id' | 'services/:service_id' | 'services/:service_id/regions/:region_id', what: string) => [
  route(`GET ${base}/${path}`, {
    rule: `identity:check_policy_association_for_${what}`,
    run: async (_ctx, db, { params }) => {
      if (!(await isAssociated(db, params.policy_id, await targetOf(db, params)))) throw noAssociation()
      return noContent()
    },
  }),
  route(`PUT ${base}/${path}`, {
    rule: `identity:create_policy_association_for_${what}`,
    run: async (ctx, tx, { params }) => {
      await associate(ctx, tx, params.policy_id, await targetOf(tx, params))
      return noContent()
    },
  }),
  route(`DELETE ${base}/${path}`, {
    rule: `identity:delete_policy_association_for_${what}`,
    run: async (_ctx, tx, { params }) => {
      if (!(await dissociate(tx, params.policy_id, await targetOf(tx, params)))) throw noAssociation()
      return noContent()
    },
  }),
]

/** Which policy is for which endpoints. */
export const policyAssociations = [
  route(`GET ${base}/endpoints`, {
    rule: 'identity:list_endpoints_for_policy',
    run: async (ctx, db, { params: { policy_id } }) => {
      found(await policyById(db, policy_id), 'policy', policy_id)
      return ok(collection(ctx, 'endpoints', await endpointsOf(db, policy_id), endpointView(ctx)))
    },
  }),
  ...three('endpoints/:endpoint_id', 'endpoint'),
  ...three('services/:service_id', 'service'),
  ...three('services/:service_id/regions/:region_id', 'region_and_service'),
  route('GET /v3/endpoints/:endpoint_id/OS-ENDPOINT-POLICY/policy', {
    rule: 'identity:get_policy_for_endpoint',
    run: async (ctx, db, { params: { endpoint_id } }) => {
      const row = await policyOf(db, found(await endpointById(db, endpoint_id), 'endpoint', endpoint_id))
      if (!row) throw noAssociation()
      return ok({ policy: policyView(ctx)(row) })
    },
  }),
]
