import { StartupError } from '../config/startup-error.ts'
import { embeddedTarget } from '../drill/embedded-target.ts'
import type { OpenTarget, Target } from '../drill/target.ts'
import { systemClock } from '../kernel/clock.ts'
import { labTarget } from '../lab/drill-target.ts'

/** Every kind of cloud that a state directory may hold. */
const kinds: readonly OpenTarget[] = [labTarget, embeddedTarget]

/** The cloud that runs in this directory. Throws a StartupError when none does. */
export async function runningTarget(stateDir: string): Promise<Target> {
  for (const open of kinds) {
    const target = await open({ clock: systemClock }, stateDir)
    if (!target) continue
    if ((await target.processes()).some(({ pid }) => pid > 0)) return target
  }
  throw new StartupError(
    `No cloud runs in ${stateDir}`,
    'Start one with `skykeel up` or `skykeel lab up`, or name its directory with --state-dir.',
  )
}
