import { allChecks } from '../doctor/all-checks.ts'
import { examine, type Result } from '../doctor/examine.ts'
import { patientOf } from '../doctor/patient.ts'
import { stateDirAt } from '../embedded/supervisor/state-dir.ts'
import { openLog } from '../kernel/log.ts'
import { say } from './terminal.ts'
import type { Verb } from './verb.ts'

const list = (written: string | undefined): string[] => (written ?? '').split(',').filter((part) => part !== '')

export const doctor: Verb = {
  name: 'doctor',
  summary: 'Look for what is wrong, or soon will be, and say what mends it',
  description: [
    'Looks at this machine, the database, the message queue, the place of images, the controllers, certificates, and work that does not go on; changes nothing.',
    'Takes a few seconds, also when nothing runs. The exit code is 0 when there are warnings at most, and 1 when there are errors.',
  ].join('\n'),
  settings: ['stateDir', 'host', 'database', 'messaging', 'imageFolder', 'imageBucket'],
  flags: {
    json: { help: 'For programs' },
    controllers: { placeholder: 'HOST:PORT,…', help: 'Controllers on other machines' },
    certificates: { placeholder: 'FILE,…', help: 'Certificates that the cloud serves with' },
    front: { placeholder: 'URL', help: 'Where clients reach the cloud, if that is by TLS' },
  },
  examples: [
    ['skykeel doctor', 'The cloud of this machine.'],
    ['skykeel doctor --config /etc/skykeel/skykeel.yaml --controllers one:7770,two:7770', 'On a controller of a larger cloud.'],
    ['skykeel doctor --json | jq \'.checks[] | select(.state == "error")\'', 'For monitoring.'],
  ],
  async run({ loaded: { config }, flags }) {
    const log = openLog({ process: 'doctor', level: 'silent', destination: 2 })
    const about = { certificates: list(flags['certificates']), frontUrl: flags['front'], peers: list(flags['controllers']) }
    const results = await examine(patientOf({ config, dir: stateDirAt(config.stateDir), log }, about), allChecks)
    const code = results.some(({ state }) => state === 'error') ? 1 : 0
    say(flags['json'] ? JSON.stringify({ ok: code === 0, checks: results }) : tableOf(results))
    // A frozen server must not keep the process: what is still open then, the system closes.
    setTimeout(() => process.exit(code), 200).unref()
    return code
  },
}

const marks = { ok: 'ok     ', warning: 'WARNING', error: 'ERROR  ', skipped: '-      ' }

function tableOf(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ id }) => id.length)) + 2
  const lines = results.flatMap(({ id, about, state, findings }) => [
    `${marks[state]}  ${id.padEnd(width)}${about}`,
    ...findings.flatMap(({ problem, fix }) => [`${' '.repeat(11)}${problem}.`, `${' '.repeat(11)}${fix}`]),
  ])
  const count = (wanted: Result['state']) => results.filter(({ state }) => state === wanted).length
  return [
    ...lines,
    '',
    `${count('ok')} well, ${count('warning')} warnings, ${count('error')} errors, ${count('skipped')} not there to be looked at`,
  ].join('\n')
}
