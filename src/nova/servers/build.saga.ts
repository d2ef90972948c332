import { saga } from '../../kernel/sagas/saga.ts'
import { activate } from './steps/activate.ts'
import { buildGuest } from './steps/build-guest.ts'
import { chooseHostAndClaim } from './steps/choose-host-and-claim.ts'
import { markFailed } from './steps/mark-failed.ts'
import { plugNicsOfServer } from './steps/plug-nics.ts'
import type { NicPlan } from '../../neutron/contract.ts'
import type { SchedulerHints } from './steps/rules-of-place.ts'

/** What a build must know beside the server's row. */
export interface BuildServer {
  readonly actionId: string
  readonly nics: readonly NicPlan[]
  readonly hints: SchedulerHints
}

/** What happens after a server was accepted. A host that can't build it is left out, and another one is chosen. */
export const build = saga<BuildServer>(
  'nova.server.build',
  { deadlineSeconds: 600, failed: markFailed('compute__do_build_and_run_instance') },
  [chooseHostAndClaim, plugNicsOfServer, buildGuest, activate],
)
