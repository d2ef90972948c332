import { StartupError } from '../config/startup-error.ts'
import { endCloud } from '../embedded/end-cloud.ts'
import { purge } from '../embedded/purge.ts'
import { holderOf } from '../embedded/supervisor/lock.ts'
import { stateDirAt } from '../embedded/supervisor/state-dir.ts'
import { say } from './terminal.ts'
import type { Verb } from './verb.ts'

export const down: Verb = {
  name: 'down',
  summary: 'Stop the cloud',
  description: 'Lets requests that run finish, then ends every process of the cloud, also those that a killed supervisor left behind.',
  settings: ['stateDir'],
  flags: { purge: { help: 'Remove everything that the cloud kept, too' } },
  examples: [
    ['skykeel down', 'Until the next `skykeel up`.'],
    ['skykeel down --purge', 'For good.'],
  ],
  async run({ loaded, flags }) {
    const dir = stateDirAt(loaded.config.stateDir)
    const ended = await endCloud(dir)
    if (holderOf(dir))
      throw new StartupError(
        'The supervisor does not end',
        'See `skykeel logs supervisor`; `skykeel kill supervisor` and `skykeel down` once more ends it by force.',
      )
    say(ended ? 'The cloud is stopped.' : `No cloud runs in ${dir.root}.`)
    if (flags['purge']) say((await purge(dir)) ? `Removed ${dir.root}.` : `${dir.root} holds nothing of a cloud.`)
    return 0
  },
}
