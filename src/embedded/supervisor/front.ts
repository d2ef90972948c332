import type { Control } from '../balancer/control.ts'
import { signal } from '../postgres/processes.ts'
import type { Kept } from './keep-running.ts'
import type { PlannedFront } from './plan.ts'
import { adminSocketOf, controlOf, type StateDir } from './state-dir.ts'
import { writeWhole } from './whole-file.ts'

/** Tells a balancer its backends: call it before the balancer starts, and whenever a controller came or went. */
export type TellFront = (controllers: readonly Kept[], front: Kept | undefined) => void

/** Opens the file by which this balancer is told what to do. */
export function frontTeller(dir: StateDir, { planned, listen, leadsTo }: PlannedFront): TellFront {
  const { name } = planned.program
  let told = ''
  return (controllers, front) => {
    const control: Control = {
      listen: [listen],
      admin: { path: adminSocketOf(dir, name) },
      backends: controllers.flatMap((one) => backendOf(one, leadsTo)),
    }
    const text = JSON.stringify(control, undefined, 2)
    if (text === told) return
    told = text
    writeWhole(controlOf(dir, name), text)
    if (front?.state() === 'running') signal(front.running()!.pid, 'SIGHUP')
  }
}

function backendOf({ part, state, running }: Kept, leadsTo: string): Control['backends'] {
  const port = state() === 'running' ? running()?.ports[leadsTo] : undefined
  return port === undefined ? [] : [{ name: part.name, host: '127.0.0.1', port }]
}
