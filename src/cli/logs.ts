import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { StartupError } from '../config/startup-error.ts'
import { suggest } from '../config/nearest.ts'
import { tailOf } from '../embedded/supervisor/logs.ts'
import { logOf, stateDirAt } from '../embedded/supervisor/state-dir.ts'
import { systemClock } from '../kernel/clock.ts'
import { say } from './terminal.ts'
import type { Verb } from './verb.ts'

export const logs: Verb = {
  name: 'logs',
  summary: 'Show the logs of the cloud, or of one of its processes',
  usage: '[NAME]',
  description:
    'Shows the last lines that the processes wrote. Each process has a file in logs/ of the state directory; one of 8 MB is set aside.',
  settings: ['stateDir'],
  flags: {
    follow: { short: 'f', help: 'Go on with what they write, until Ctrl-C' },
    lines: { short: 'n', placeholder: 'N', help: 'How many lines of each, default 20' },
  },
  examples: [
    ['skykeel logs', 'The last lines of all.'],
    ['skykeel logs -f controller-1', 'One of them, as it goes on.'],
    ['skykeel logs -n 1000 postgres | grep checkpoint', 'More of it.'],
  ],
  async run({ loaded, flags, positionals }) {
    const dir = stateDirAt(loaded.config.stateDir)
    const names = existsSync(dir.logs) ? readdirSync(dir.logs).flatMap((file) => (file.endsWith('.log') ? [file.slice(0, -4)] : [])) : []
    if (names.length === 0) throw new StartupError(`There are no logs in ${dir.logs}`, 'Start a cloud with `skykeel up`.')
    for (const name of positionals) {
      if (!names.includes(name))
        throw new StartupError(`There is no log of ${name}`, suggest(name, names, `There are: ${names.join(', ')}.`))
    }
    const lines = Number(flags['lines'] ?? 20)
    if (!Number.isInteger(lines) || lines < 0)
      throw new StartupError(`--lines: ${flags['lines']} is no number of lines`, 'Try --lines 100.')
    const wanted = positionals.length > 0 ? positionals : names
    const titled = wanted.length > 1
    const seen = new Map(wanted.map((name) => [name, statSync(logOf(dir, name)).size]))
    for (const name of wanted) {
      const text = lines > 0 ? tailOf(logOf(dir, name), lines) : ''
      if (text !== '') say(titled ? `==> ${name} <==\n${text}\n` : text)
    }
    while (flags['follow']) {
      await systemClock.sleep(200)
      for (const [name, from] of seen) {
        const { text, end } = readFrom(logOf(dir, name), from)
        seen.set(name, end)
        if (text !== '') say(titled ? text.trimEnd().replaceAll(/^/gm, `${name}: `) : text)
      }
    }
    return 0
  },
}

// A file that has become smaller was set aside and begins anew.
function readFrom(path: string, from: number): { text: string; end: number } {
  const { size } = statSync(path)
  const begin = size < from ? 0 : from
  const bytes = Buffer.alloc(size - begin)
  const file = openSync(path, 'r')
  try {
    const read = readSync(file, bytes, 0, bytes.length, begin)
    const whole = bytes.subarray(0, read).lastIndexOf(10) + 1
    return { text: bytes.subarray(0, whole).toString(), end: begin + whole }
  } finally {
    closeSync(file)
  }
}
