import { saga } from '../../kernel/sagas/saga.ts'
import { destroyGuest } from './steps/destroy-guest.ts'
import { markFailed } from './steps/mark-failed.ts'
import { releaseEverything } from './steps/release-everything.ts'

export interface DeleteServer {
  readonly actionId: string
}

/** What happens after a deletion was accepted. Whatever else was under way has unwound before. */
export const remove = saga<DeleteServer>('nova.server.delete', { deadlineSeconds: 600, failed: markFailed('compute_terminate_instance') }, [
  destroyGuest,
  releaseEverything,
])
