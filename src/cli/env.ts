import { StartupError } from '../config/startup-error.ts'
import { suggest } from '../config/nearest.ts'
import { cloudNames, openrc } from '../embedded/supervisor/clouds-yaml.ts'
import { readRoster } from '../embedded/supervisor/roster.ts'
import { readSecrets } from '../embedded/supervisor/secrets.ts'
import { stateDirAt } from '../embedded/supervisor/state-dir.ts'
import { say } from './terminal.ts'
import type { Verb } from './verb.ts'

export const env: Verb = {
  name: 'env',
  summary: 'Print shell exports with which OpenStack clients find the cloud',
  usage: '[CLOUD]',
  description: [
    `Prints variables for CLOUD: ${cloudNames.join(', ')}.`,
    'They name the cloud and its clouds.yaml, so that --os-cloud works for the others too; --openrc is for clients that read no clouds.yaml.',
  ].join('\n'),
  settings: ['stateDir', 'region'],
  flags: { openrc: { help: 'Print user, password and scope themselves' } },
  examples: [
    ['eval "$(skykeel env)"', 'As user demo in project demo.'],
    ['eval "$(skykeel env devstack-admin)"', 'As admin.'],
    ['skykeel env --openrc > openrc', 'A file for `source`.'],
  ],
  async run({ loaded, flags, positionals }) {
    const dir = stateDirAt(loaded.config.stateDir)
    const [roster, secrets] = [readRoster(dir), readSecrets(dir)]
    if (!roster || !secrets) throw new StartupError(`There is no cloud in ${dir.root}`, 'Start one with `skykeel up`.')
    const name = positionals[0] ?? 'devstack'
    const rc = openrc(name, { authUrl: roster.authUrl, region: loaded.config.region, password: secrets.adminPassword })
    if (!rc)
      throw new StartupError(`There is no cloud ${name} in ${dir.clouds}`, suggest(name, cloudNames, '`skykeel env --help` lists them.'))
    const variables: Record<string, string> = flags['openrc'] ? rc : { OS_CLOUD: name, OS_CLIENT_CONFIG_FILE: dir.clouds }
    // What an earlier shell left behind would win over clouds.yaml.
    const stale = everyVariable.filter((one) => !(one in variables))
    say([`unset ${stale.join(' ')}`, ...Object.entries(variables).map(([key, value]) => `export ${key}=${quoted(value)}`)].join('\n'))
    return 0
  },
}

const everyVariable = (
  'CLOUD AUTH_TYPE AUTH_URL USERNAME USER_ID PASSWORD USER_DOMAIN_ID USER_DOMAIN_NAME TOKEN PROJECT_ID PROJECT_NAME ' +
  'PROJECT_DOMAIN_ID PROJECT_DOMAIN_NAME DOMAIN_ID DOMAIN_NAME SYSTEM_SCOPE REGION_NAME IDENTITY_API_VERSION'
)
  .split(' ')
  .map((name) => `OS_${name}`)

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
