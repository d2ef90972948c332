import { conflict, Fault } from '../../kernel/errors.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { deleteProvider } from '../../placement/contract.ts'
import { deleteServiceRows, type ServiceInfo } from './store.ts'

/** Forgets a service; with a nova-compute go its host and resource provider. Throws `conflict` while servers are on it. */
export async function deleteService(ctx: CloudContext, tx: Tx, service: ServiceInfo): Promise<void> {
  for (const id of await deleteServiceRows(tx, service)) {
    try {
      await deleteProvider(ctx, tx, id)
    } catch (error) {
      if (error instanceof Fault && error.kind === 'conflict') {
        throw conflict('Unable to delete compute service that is hosting instances. Migrate or delete the instances first.')
      }
      // An operator may have removed the provider before.
      if (!(error instanceof Fault && error.kind === 'notFound')) throw error
    }
  }
}
