import { projectOf, type CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { enforceAttributes } from '../attribute-policy.ts'
import { visibleNetwork } from '../networks/visible.ts'
import { ownerOf } from '../values.ts'
import { createSubnet } from './create.ts'
import type { NewSubnet } from './schema.ts'

/** Makes a subnet for a client, who must own the network that it shall be on. Returns its id. */
export async function requestSubnet(ctx: CloudContext, tx: Tx, body: NewSubnet): Promise<string> {
  const network = await visibleNetwork(ctx, tx, body.network_id)
  const projectId = ownerOf(ctx, body)
  const rules = {
    service_types: 'service_types',
    ...(projectId !== projectOf(ctx) && { tenant_id: 'project_id', project_id: 'project_id' }),
  }
  enforceAttributes(ctx, { action: 'create_subnet', target: { project_id: network.project_id }, given: body, rules })
  return createSubnet(ctx, tx, { network, projectId, body })
}
