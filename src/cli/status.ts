import { cloudStatus, type CloudStatus } from '../embedded/status.ts'
import { stateDirAt } from '../embedded/supervisor/state-dir.ts'
import { systemClock } from '../kernel/clock.ts'
import { say } from './terminal.ts'
import type { Verb } from './verb.ts'

export const status: Verb = {
  name: 'status',
  summary: 'Show which processes the cloud has, and whether it is ready',
  description: 'Shows every process of the cloud with its state. The exit code is 0 when the cloud is ready, and 3 when it is not.',
  settings: ['stateDir'],
  flags: { json: { help: 'For programs' }, watch: { short: 'w', help: 'Again every half second, until Ctrl-C' } },
  examples: [
    ['skykeel status', 'A table.'],
    ['skykeel status --json | jq .ready', 'true or false.'],
    ['skykeel status --watch', 'In one terminal, while `skykeel kill` is used in another.'],
  ],
  async run({ loaded, flags }) {
    const dir = stateDirAt(loaded.config.stateDir)
    for (;;) {
      const now = await cloudStatus(dir)
      const text = flags['json'] ? JSON.stringify(now) : tableOf(now)
      if (!flags['watch']) {
        say(text)
        return now.ready ? 0 : 3
      }
      say(flags['json'] ? text : `\u001b[H\u001b[2J${text}`)
      await systemClock.sleep(500)
    }
  },
}

function tableOf({ ready, auth_url: authUrl, processes }: CloudStatus): string {
  const width = Math.max(...processes.map(({ name }) => name.length)) + 2
  const rows = processes.map(
    ({ name, pid, state, roles }) =>
      `${name.padEnd(width)}${(pid ? String(pid) : '-').padEnd(9)}${state.padEnd(12)}${shorten(roles.join(', '))}`,
  )
  const head = ready
    ? `READY at ${authUrl}`
    : processes.length === 1
      ? 'There is no cloud here. Start one with `skykeel up`.'
      : `NOT READY (${authUrl})`
  return [head, '', `${'PROCESS'.padEnd(width)}PID      STATE       ROLES`, ...rows].join('\n')
}

const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}…` : text)
