import { StartupError } from '../config/startup-error.ts'
import { cloudStatus } from '../embedded/status.ts'
import { stateDirAt } from '../embedded/supervisor/state-dir.ts'
import { systemClock } from '../kernel/clock.ts'
import { say } from './terminal.ts'
import type { Verb } from './verb.ts'

export const wait: Verb = {
  name: 'wait',
  summary: 'Wait until the cloud is ready',
  description: 'Returns as soon as every process runs and the cloud answers. The exit code is 0 then, and 1 when that took too long.',
  settings: ['stateDir'],
  flags: { timeout: { placeholder: 'SECONDS', help: 'How long to wait at most, default 60' } },
  examples: [
    ['skykeel up & skykeel wait && openstack server list', 'For scripts.'],
    ['skykeel kill controller-1; time skykeel wait', 'How long a recovery takes.'],
  ],
  async run({ loaded, flags }) {
    const timeoutMs = Number(flags['timeout'] ?? 60) * 1000
    if (!(timeoutMs >= 0)) throw new StartupError(`--timeout: ${flags['timeout']} is no number of seconds`, 'Try --timeout 60.')
    const dir = stateDirAt(loaded.config.stateDir)
    const deadlineMs = systemClock.monotonicMs() + timeoutMs
    for (;;) {
      const now = await cloudStatus(dir)
      if (now.ready) {
        say(`READY at ${now.auth_url}`)
        return 0
      }
      if (systemClock.monotonicMs() >= deadlineMs) {
        const missing = now.processes.filter(({ state }) => state !== 'running').map(({ name, state }) => `${name} is ${state}`)
        throw new StartupError(
          `The cloud is not ready after ${timeoutMs / 1000} s: ${missing.join(', ') || 'it does not answer'}`,
          'See `skykeel status` and `skykeel logs`.',
        )
      }
      await systemClock.sleep(50)
    }
  },
}
