import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { complianceSettings, type Config } from '../config/settings.ts'
import { runCloud } from '../embedded/run-cloud.ts'
import { makeStateDir } from '../embedded/supervisor/state-dir.ts'
import { daemonize, directoryOfDaemon } from './daemonize.ts'
import { progressOf } from './progress.ts'
import type { Verb } from './verb.ts'

export const up: Verb = {
  name: 'up',
  summary: 'Start a cloud on this machine, and keep it running',
  description: [
    'Starts PostgreSQL, a balancer, controllers and simulated hypervisors, checks them by a real login, and restarts whatever dies.',
    'Everything is kept in the state directory; a later `up` goes on from there, also after kill -9 of everything.',
  ].join('\n'),
  settings: [
    'stateDir',
    'host',
    'port',
    'controllers',
    'hosts',
    'adminPassword',
    'ephemeral',
    'database',
    'messaging',
    'nativePorts',
    'region',
    'policyFile',
    'corsOrigins',
    ...complianceSettings,
    'imageFolder',
    'imageBucket',
    'imageNetworks',
    'imageSizeCap',
    'logLevel',
  ],
  flags: { detach: { short: 'd', help: 'Return once the cloud is ready; `skykeel down` ends it' } },
  examples: [
    ['skykeel up', 'Two controllers and three hosts until Ctrl-C; next time everything is as it was.'],
    ['skykeel up -d && eval "$(skykeel env)" && openstack server list', 'In the background.'],
    ['skykeel up --controllers 3 --hosts 100', 'More of everything.'],
    ['skykeel up --ephemeral --port 0', 'For a test run: any free port, and nothing is kept.'],
    ['skykeel up --state-dir /srv/two --port 7771', 'A second cloud beside the first.'],
    ['skykeel up --database postgresql://me:secret@db1,db2/skykeel', 'On your own highly available database.'],
  ],
  async run({ loaded, flags, argv }) {
    // A given directory is never used for this: it will be removed, and may hold a cloud that shall stay.
    const temporary = () => process.env[directoryOfDaemon] ?? mkdtempSync(join(tmpdir(), 'skykeel-'))
    const root = loaded.config.ephemeral ? temporary() : loaded.config.stateDir
    const config: Config = { ...loaded.config, stateDir: root }
    const dir = makeStateDir(root)
    if (flags['detach']) return daemonize(dir, ['up', ...argv])
    await runCloud(dir, config, progressOf(dir))
    return 0
  },
}
