import { conflict } from '../../kernel/errors.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { enforceAttributes } from '../attribute-policy.ts'
import { networkById } from '../networks/store.ts'
import { portNotFound } from '../refusals.ts'
import { assertRevision } from '../revision.ts'
import { deletePort } from './delete.ts'
import { visiblePort } from './visible.ts'
import type { CloudContext } from '../../cloud/context.ts'

const ofRouters = new Set(['network:router_interface', 'network:router_gateway', 'network:floatingip'])

/** Deletes a port for a client: its owner or the owner of its network. Ports of routers and floating IPs go only with those. */
export async function deletePortByClient(ctx: CloudContext, tx: Tx, id: string): Promise<void> {
  const port = await visiblePort(ctx, tx, id)
  const network = await networkById(tx, port.network_id)
  const isOwn = port.project_id === ctx.subject.projectId
  enforceAttributes(ctx, {
    action: 'delete_port',
    target: { project_id: isOwn ? port.project_id : network?.project_id },
    given: {},
    rules: {},
  })
  assertRevision(ctx, port)
  if (ofRouters.has(port.device_owner)) {
    const message = `Port ${id} cannot be deleted directly via the port API: has device owner ${port.device_owner}.`
    throw conflict(message, { type: 'ServicePortInUse' })
  }
  if (!(await deletePort(ctx, tx, id))) throw portNotFound(id)
}
