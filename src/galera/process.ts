import { untilSignalled } from '../embedded/signals.ts'
import { systemClock } from '../kernel/clock.ts'
import { openLog } from '../kernel/log.ts'
import { readControl } from './control.ts'
import { keepNode } from './keeper.ts'

/** The keeper of a Galera node as a process of its own. Resolves when it was asked to end and has; mariadbd ends first. */
export async function serveGalera({ controlPath, logLevel }: { controlPath: string; logLevel: string }): Promise<void> {
  const control = readControl(controlPath)
  const log = openLog({ process: `galera-${control.name}`, level: logLevel })
  const asked = untilSignalled()
  const keeper = await keepNode({ clock: systemClock, log }, control)
  log.info({ signal: await asked }, 'a Galera node stops')
  await keeper.stop()
}
