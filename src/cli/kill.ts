import { constants } from 'node:os'
import { StartupError } from '../config/startup-error.ts'
import { suggest } from '../config/nearest.ts'
import { cloudStatus } from '../embedded/status.ts'
import { stateDirAt } from '../embedded/supervisor/state-dir.ts'
import { say } from './terminal.ts'
import type { Verb } from './verb.ts'

export const kill: Verb = {
  name: 'kill',
  summary: 'Kill a process of the cloud, to see that nobody notices',
  usage: 'NAME',
  description:
    'Sends a signal, SIGKILL unless said otherwise, to a process that `skykeel status` lists. SIGSTOP freezes one, SIGCONT thaws it.',
  settings: ['stateDir'],
  flags: { signal: { short: 's', placeholder: 'SIGNAL', help: 'KILL, STOP, CONT, TERM, … or a number; default KILL' } },
  examples: [
    ['skykeel kill controller-1', 'The other one serves; the supervisor starts a new one.'],
    ['skykeel kill postgres', 'Requests wait for the second that it takes to come back.'],
    ['skykeel kill controller-2 --signal STOP', 'Frozen, which is worse than dead. Thaw it with --signal CONT.'],
  ],
  async run({ loaded, flags, positionals }) {
    const signal = signalNamed(flags['signal'] ?? 'KILL')
    const { processes } = await cloudStatus(stateDirAt(loaded.config.stateDir))
    const names = processes.map(({ name }) => name)
    const [name] = positionals
    if (!name) throw new StartupError('skykeel kill needs the name of a process', `There are: ${names.join(', ')}.`)
    const found = processes.find((one) => one.name === name)
    if (!found) throw new StartupError(`There is no process ${name}`, suggest(name, names, `There are: ${names.join(', ')}.`))
    if (!found.pid) throw new StartupError(`${name} does not run: it is ${found.state}`, 'See `skykeel status`.')
    try {
      process.kill(found.pid, signal)
    } catch (error) {
      throw new StartupError(
        `${name} (process ${found.pid}) can't be signalled: ${(error as Error).message}`,
        'It may have ended just now.',
        { cause: error },
      )
    }
    say(`${signal} sent to ${name} (process ${found.pid})`)
    return 0
  },
}

function signalNamed(written: string): NodeJS.Signals {
  const names = Object.keys(constants.signals) as NodeJS.Signals[]
  const upper = written.toUpperCase()
  const found = names.find((name) => name === upper || name === `SIG${upper}` || String(constants.signals[name]) === written)
  if (!found)
    throw new StartupError(
      `There is no signal ${written}`,
      suggest(
        upper,
        names.map((name) => name.slice(3)),
        'Try KILL, STOP, CONT or TERM.',
      ),
    )
  return found
}
