import { saga } from '../../kernel/sagas/saga.ts'
import { powerStates } from './states.ts'
import { markUnchanged, powerGuest, type PowerWork } from './steps/power-guest.ts'

const running = { vm_state: 'active', power_state: powerStates.running } as const
const off = { vm_state: 'stopped', power_state: powerStates.shutdown } as const
const deadlineSeconds = 120

/** Sagas that change whether a guest runs: one order to its host each. A host that refuses leaves the server as it was. */
export const start = saga<PowerWork>('nova.server.start', { deadlineSeconds, failed: markUnchanged('compute_start_instance') }, [
  powerGuest({ order: 'start', opposite: 'stop', becomes: running, event: 'compute_start_instance' }),
])

export const stop = saga<PowerWork>('nova.server.stop', { deadlineSeconds, failed: markUnchanged('compute_stop_instance') }, [
  powerGuest({ order: 'stop', opposite: 'start', becomes: off, event: 'compute_stop_instance' }),
])

export const reboot = saga<PowerWork>('nova.server.reboot', { deadlineSeconds, failed: markUnchanged('compute_reboot_instance') }, [
  powerGuest({ order: 'reboot', becomes: running, event: 'compute_reboot_instance' }),
])
