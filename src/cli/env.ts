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
  description: `Prints variables for CLOUD: ${cloudNames.join(', ')}.\nOS_CLIENT_CONFIG_FILE is among them, so that --os-cloud works for the others too.`,
  settings: ['stateDir', 'region'],
  examples: [
    ['eval "$(skykeel env)"', 'As user demo in project demo.'],
    ['eval "$(skykeel env devstack-admin)"', 'As admin.'],
  ],
  async run({ loaded, positionals }) {
    const dir = stateDirAt(loaded.config.stateDir)
    const [roster, secrets] = [readRoster(dir), readSecrets(dir)]
    if (!roster || !secrets) throw new StartupError(`There is no cloud in ${dir.root}`, 'Start one with `skykeel up`.')
    const name = positionals[0] ?? 'devstack'
    const access = { authUrl: roster.authUrl, region: loaded.config.region, password: secrets.adminPassword }
    const variables = openrc(name, access)
    if (!variables) throw new StartupError(`There is no cloud ${name} in ${dir.clouds}`, suggest(name, cloudNames, '`skykeel env --help` lists them.'))
    const stale = ['OS_CLOUD', 'OS_TOKEN', 'OS_PROJECT_ID', 'OS_PROJECT_NAME', 'OS_PROJECT_DOMAIN_ID', 'OS_PROJECT_DOMAIN_NAME', 'OS_USER_DOMAIN_NAME', 'OS_USER_ID', 'OS_SYSTEM_SCOPE']
    say([`unset ${stale.join(' ')}`, ...Object.entries({ ...variables, OS_CLIENT_CONFIG_FILE: dir.clouds }).map(([key, value]) => `export ${key}=${quoted(value)}`)].join('\n'))
    return 0
  },
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
