import { conflict } from '../../kernel/errors.ts'
import { enforceAttributes } from '../attribute-policy.ts'
import { invalidInput } from '../refusals.ts'
import { assertRevision, settled } from '../revision.ts'
import { changesOf, networkRules } from './request.ts'
import { changeNetwork, hasGateways, projectsOnNetwork } from './store.ts'
import { visibleNetwork } from './visible.ts'
import type { NetworkChange } from './schema.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { NetworkRow } from '../tables.ts'

/** Changes a network. Refuses to take away from other projects what they use. */
export async function updateNetwork(ctx: CloudContext, tx: Tx, { id, body }: { id: string; body: NetworkChange }): Promise<void> {
  const network = await visibleNetwork(ctx, tx, id)
  enforceAttributes(ctx, { action: 'update_network', target: { project_id: network.project_id }, given: body, rules: networkRules })
  assertRevision(ctx, network)
  if (Object.keys(body).some((name) => name.startsWith('provider:')))
    throw invalidInput('Plugin does not support updating provider attributes')
  const change = changesOf(body)
  if (network.shared && change.shared === false) await assertOnlyOwnerUses(tx, network)
  if (network.external && change.external === false && (await hasGateways(tx, id))) {
    throw conflict(`External network ${id} cannot be updated to be made non-external, since it has existing gateway ports`, {
      type: 'ExternalNetworkInUse',
    })
  }
  await settled(changeNetwork(ctx, tx, network, columnsOf(change)), `network ${id}`)
}

async function assertOnlyOwnerUses(tx: Tx, network: NetworkRow): Promise<void> {
  const users = await projectsOnNetwork(tx, network.id)
  if (users.every((project) => project === network.project_id || project === '')) return
  throw conflict(`Unable to reconfigure sharing settings for network ${network.id}. Multiple tenants are using it.`, {
    type: 'InvalidSharedSetting',
  })
}

const columnsOf = (change: ReturnType<typeof changesOf>) => ({
  ...(change.name !== undefined && { name: change.name }),
  ...(change.description !== undefined && { description: change.description }),
  ...(change.adminStateUp !== undefined && { admin_state_up: change.adminStateUp }),
  ...(change.shared !== undefined && { shared: change.shared }),
  ...(change.external !== undefined && { external: change.external }),
  ...(change.isDefault !== undefined && { is_default: change.isDefault }),
  ...(change.mtu !== undefined && { mtu: change.mtu }),
  ...(change.portSecurityEnabled !== undefined && { port_security_enabled: change.portSecurityEnabled }),
  ...(change.dnsDomain !== undefined && { dns_domain: change.dnsDomain }),
})
