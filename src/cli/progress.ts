import { settings } from '../config/settings.ts'
import type { CloudRun } from '../embedded/run-cloud.ts'
import type { StateDir } from '../embedded/supervisor/state-dir.ts'
import { ownName } from './own-name.ts'
import { say } from './terminal.ts'

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** Tells the person at the terminal how the start goes on, and what to do with the cloud then. */
export function progressOf(dir: StateDir): CloudRun {
  return {
    begins: ({ version }) => say(`Skykeel ${version}: a cloud in ${dir.root}`),
    started: (name, afterMs) => say(`  ${name.padEnd(16)} ready after ${seconds(afterMs)}`),
    note: (text) => say(`  Note: ${text}`),
    ready: ({ afterMs, authUrl, password, ephemeral }) => {
      const own = [process.env['SKYKEEL_STATE_DIR'], settings.stateDir.default(process.env)].includes(dir.root)
        ? ''
        : ` --state-dir ${dir.root}`
      const skykeel = ownName()
      say(
        [
          '',
          `READY in ${seconds(afterMs)}`,
          '',
          `  Auth URL     ${authUrl}`,
          `  Users        demo (project demo), admin (project admin), alt_demo and others; domain default`,
          `  Password     ${password}`,
          `  clouds.yaml  ${dir.clouds}`,
          '',
          'Next:',
          `  eval "$(${skykeel} env${own})"     and then: openstack server list`,
          `  ${skykeel} kill controller-1${own}   and see that nobody notices`,
          '',
          ephemeral
            ? 'Ctrl-C ends the cloud; nothing of it is kept.'
            : 'Ctrl-C stops the cloud; everything in it is kept for the next start.',
        ].join('\n'),
      )
      process.send?.({ kind: 'ready' })
    },
    stopping: (why) => say(`\n${why}: stopping …`),
    stopped: (afterMs) => say(`Stopped in ${seconds(afterMs)}.`),
  }
}
