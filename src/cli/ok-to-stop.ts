import { suggest } from '../config/nearest.ts'
import { StartupError } from '../config/startup-error.ts'
import { okToStop as adviceOn, type ProcessSeen } from '../drill/ok-to-stop.ts'
import type { TargetProcess } from '../drill/target.ts'
import { statusOfGet } from '../embedded/call.ts'
import { runningTarget } from './targets.ts'
import { say } from './terminal.ts'
import type { Verb } from './verb.ts'

/** A peer that needs longer to say that it is well is no help to anybody. */
const healthTimeoutMs = 3_000

export const okToStop: Verb = {
  name: 'ok-to-stop',
  summary: 'Ask whether a process or host may be stopped now',
  usage: 'TARGET',
  description: [
    'TARGET is a process that `skykeel status` lists, or a host of a lab. Looks at the others that would have to stand in for it, and says in a',
    'sentence why it may be stopped or what would stop with it. The exit code is 0 for yes, 1 for no, and 2 when there is nothing to ask about.',
  ].join('\n'),
  settings: ['stateDir'],
  errorCode: 2,
  flags: { json: { help: 'For programs' } },
  examples: [
    ['skykeel ok-to-stop controller-1 && skykeel kill controller-1 --signal TERM', 'A restart that nobody notices.'],
    ['skykeel ok-to-stop postgres', 'What waits meanwhile.'],
  ],
  async run({ loaded, flags, positionals }) {
    const target = await runningTarget(loaded.config.stateDir)
    const processes = await target.processes()
    const names = [...new Set(processes.flatMap(({ name, host }) => [name, ...(target.kind === 'lab' ? [host] : [])]))]
    const [name] = positionals
    if (!name || positionals.length > 1)
      throw new StartupError('skykeel ok-to-stop needs one process or host', `There are: ${names.join(', ')}.`)
    const seen = await Promise.all(processes.map(withHealth))
    const advice = names.includes(name) ? adviceOn(name, seen, { patroni: target.database === 'patroni' }) : undefined
    if (!advice) throw new StartupError(`There is no process or host ${name}`, suggest(name, names, `There are: ${names.join(', ')}.`))
    say(flags['json'] ? JSON.stringify({ target: name, ...advice }) : `${advice.ok ? 'yes' : 'no'}: ${advice.why} ${advice.hint}`)
    return advice.ok ? 0 : 1
  },
}

async function withHealth(one: TargetProcess): Promise<ProcessSeen> {
  if (one.state !== 'running') return { ...one, healthy: false }
  const healthy = one.healthUrl === undefined || (await statusOfGet(one.healthUrl, { timeoutMs: healthTimeoutMs })) === 200
  return { ...one, healthy }
}
