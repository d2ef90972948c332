import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { suggest } from '../config/nearest.ts'
import { StartupError } from '../config/startup-error.ts'
import { holderOf } from '../embedded/supervisor/lock.ts'
import { endOf, endProcess } from '../embedded/supervisor/processes.ts'
import { makeStateDir } from '../embedded/supervisor/state-dir.ts'
import { askLab, orderLab } from '../lab/client.ts'
import type { LabStatus } from '../lab/lab-status.ts'
import { hostActs, unitActs } from '../lab/orders.ts'
import { labDirAt, type LabDir } from '../lab/places.ts'
import { ownProgram } from '../lab/programs.ts'
import { type LabDatabase, runLab } from '../lab/run-lab.ts'
import { daemonize } from './daemonize.ts'
import { ownName } from './own-name.ts'
import { say } from './terminal.ts'
import type { Call, Verb } from './verb.ts'

const acts: Record<string, (dir: LabDir, call: Call) => Promise<number>> = { up, status, down }
const known = [...Object.keys(acts), ...hostActs, ...unitActs]

export const lab: Verb = {
  name: 'lab',
  summary: 'Run a cloud of several hosts with real clusters on this machine',
  usage: 'up|status|down|ACT [HOST[/UNIT]] [VALUE]',
  description: [
    'Three controllers and two hosts for guests, each with processes and a network of its own: Galera or Patroni, RabbitMQ, HAProxy, keepalived, Skykeel.',
    'They run what `skykeel render` writes for real machines. Nothing of it outlives the lab but its data. It takes root, and Debian packages that it names.',
    `Acts on a host: ${hostActs.join(', ')}. Acts on a unit, such as c1/galera: ${unitActs.join(', ')}.`,
  ].join('\n'),
  settings: ['stateDir', 'adminPassword'],
  flags: {
    database: { placeholder: 'galera|patroni', help: 'The SQL database of a new lab; default galera' },
    program: { placeholder: 'DIR', help: 'Whose program the hosts run, such as the last release in DIR; default this one' },
    foreground: { short: 'f', help: 'Stay, and end the lab on Ctrl-C' },
    json: { help: '`status` for programs' },
    purge: { help: '`down` removes the data, too' },
  },
  examples: [
    ['skykeel lab up --database patroni --state-dir /srv/lab', 'Returns when a user can build servers in it.'],
    ['skykeel lab status --state-dir /srv/lab', 'Hosts and units.'],
    ['skykeel lab kill c1/galera --state-dir /srv/lab', 'kill -9 for one node of the database.'],
    ['skykeel lab cut c2 both --state-dir /srv/lab', 'No packet in or out; `heal c2` ends it.'],
    ['skykeel lab upgrade c1/controller --state-dir /srv/lab', 'Restarts it with this program; a DIR after it means the one there.'],
    ['skykeel lab fill c1 --state-dir /srv/lab', 'Leaves no byte of its disk free; `heal c1` ends it.'],
    ['skykeel lab skew n1 --state-dir /srv/lab -- -60', 'Puts its clock back a minute; `heal n1` ends it.'],
    ['skykeel lab off c3 --state-dir /srv/lab', 'Pulls the plug; `on c3` puts it back.'],
    ['skykeel lab down --purge --state-dir /srv/lab', 'For good.'],
  ],
  async run(call) {
    const dir = labDirAt(call.loaded.config.stateDir)
    const [act, target, value] = call.positionals
    if (act && Object.hasOwn(acts, act)) return acts[act]!(dir, call)
    if (!act || !known.includes(act) || !target) {
      const what = !act
        ? 'skykeel lab needs to know what to do'
        : known.includes(act)
          ? `skykeel lab ${act} needs a HOST or HOST/UNIT`
          : `A lab can't ${act}`
      throw new StartupError(what, suggest(act ?? '', known, `There is: ${known.join(', ')}.`))
    }
    await orderLab(dir, { act, target, value: act === 'upgrade' ? resolve(value ?? ownProgram) : value })
    return 0
  },
}

async function up(dir: LabDir, { flags, loaded, argv }: Call): Promise<number> {
  const running = await askLab(dir)
  const database = flags['database'] ?? running?.database ?? 'galera'
  if (database !== 'galera' && database !== 'patroni')
    throw new StartupError(`A lab has no database ${database}`, suggest(database, ['galera', 'patroni'], 'There are galera and patroni.'))
  if (running?.ready && running.database === database) {
    say(`A lab with ${running.database} runs already: READY at ${running.auth_url}`)
    return 0
  }
  if (!flags['foreground']) return daemonize(makeStateDir(dir.root), ['lab', ...argv, '--foreground'])
  const program = resolve(flags['program'] ?? ownProgram)
  await runLab(dir, { database: database satisfies LabDatabase, program, adminPassword: loaded.config.adminPassword }, progressOf(dir))
  return 0
}

function progressOf(dir: LabDir): Parameters<typeof runLab>[2] {
  return {
    begins: ({ database, subnet, version }) =>
      say(`A lab of Skykeel ${version} with ${database} in ${dir.root}, on 10.77.${subnet}.0/24: clusters form …`),
    ready: ({ afterMs, authUrl, password }) => {
      const own = ` --state-dir ${dir.root}`
      say(
        [
          '',
          `READY in ${(afterMs / 1000).toFixed(1)} s`,
          '',
          `  Auth URL     ${authUrl}`,
          `  Password     ${password}`,
          `  clouds.yaml  ${dir.clouds}`,
          '',
          'Next:',
          `  ${ownName()} lab status${own}`,
          `  ${ownName()} lab kill c1/galera${own}   and see that nobody notices`,
        ].join('\n'),
      )
      process.send?.({ kind: 'ready' })
    },
    stopping: (why) => say(`\n${why}: stopping …`),
  }
}

async function status(dir: LabDir, { flags }: Call): Promise<number> {
  const now = await askLab(dir)
  if (flags['json'])
    say(JSON.stringify(now ?? { ...{ ready: false, auth_url: '', database: '', program: '' }, faults: [], hosts: [], processes: [] }))
  else say(now ? tableOf(now) : `No lab runs in ${dir.root}. Start one with \`skykeel lab up\`.`)
  return now?.ready ? 0 : 3
}

/** What is unusual about a host. */
const conditionsOf = ({ line, full, skew, program }: Pick<LabStatus['hosts'][number], 'line' | 'full' | 'skew' | 'program'>): string[] => [
  ...(line === 'whole' ? [] : [`line: ${line}`]),
  ...(full ? ['disk: full'] : []),
  ...(skew ? [`clock: ${skew} s`] : []),
  ...(program === ownProgram ? [] : [`program: ${program}`]),
]

function tableOf({ ready, auth_url: authUrl, database, hosts, processes }: LabStatus): string {
  const rows = hosts.flatMap(({ name, address, power, ...how }) => [
    [`${name}  ${address}  ${power}`, ...conditionsOf(how)].join(', '),
    ...processes
      .filter(({ host }) => host === name)
      .map(({ unit, pid, state }) => `  ${unit.padEnd(14)}${String(pid || '-').padEnd(9)}${state}`),
  ])
  return [`${ready ? 'READY' : 'NOT READY'} at ${authUrl}, on ${database}`, '', ...rows].join('\n')
}

async function down(dir: LabDir, { flags }: Call): Promise<number> {
  const holder = holderOf(dir)
  if (holder) await endProcess(holder.pid, { first: 'SIGTERM', timeoutMs: 240_000, exited: endOf(holder) })
  say(holder ? 'The lab is stopped.' : `No lab runs in ${dir.root}.`)
  if (flags['purge']) {
    for (const path of [dir.hosts, dir.logs, dir.images, dir.lab, dir.control, dir.secrets, dir.clouds, dir.lock])
      rmSync(path, { recursive: true, force: true })
    say(`Removed what it kept in ${dir.root}.`)
  }
  return 0
}
