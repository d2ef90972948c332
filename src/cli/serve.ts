import { complianceSettings, type Config } from '../config/settings.ts'
import { suggest } from '../config/nearest.ts'
import { StartupError } from '../config/startup-error.ts'
import { supervised, type Supervised } from '../embedded/supervisor/supervised.ts'
import { controllerRoles } from '../topology/services.ts'
import { explainListen } from './listen-problem.ts'
import type { Verb } from './verb.ts'

const others = ['controller', 'nova-compute', 'balancer', 'galera']

export const serve: Verb = {
  name: 'serve',
  summary: 'Run one process of a cloud: a controller, an agent, the balancer',
  usage: 'ROLE…',
  description: [
    `Runs one process with these roles: ${controllerRoles.join(', ')}; \`controller\` means all of them.`,
    '`nova-compute` runs the agent of hypervisors, `balancer` the balancer, `galera` one node of a Galera cluster with mariadbd as its child.',
    'SIGTERM drains, SIGINT ends at once.',
  ].join('\n'),
  settings: [
    'name',
    'host',
    'port',
    'database',
    'messaging',
    'secret',
    'imageFolder',
    'imageBucket',
    'imageNetworks',
    'imageSizeCap',
    'region',
    'policyFile',
    'corsOrigins',
    ...complianceSettings,
    'nativePorts',
    'peers',
    'floatingAddress',
    'hosts',
    'hostNames',
    'secondWay',
    'hostKeys',
    'logLevel',
  ],
  flags: { control: { placeholder: 'FILE', help: 'What the balancer, or the keeper of a Galera node, is told' } },
  examples: [
    ['skykeel serve controller --config /etc/skykeel/skykeel.yaml', 'All stateless roles, as on each controller of a larger cloud.'],
    ['skykeel serve nova-api nova-conductor --port 8774', 'Two roles alone.'],
    ['skykeel serve nova-compute --messaging amqp://user:secret@mq1,mq2', 'An agent of simulated hosts.'],
    ['skykeel serve balancer --control balancer.json', 'The balancer alone.'],
    ['skykeel serve galera --control /etc/skykeel/galera.json', 'A node of the database, as `skykeel render` has written it down.'],
  ],
  async run({ positionals, flags, loaded }) {
    checkRoles(positionals)
    const parent = supervised()
    try {
      await start(positionals, { parent, config: loaded.config, control: flags['control'] })
      return 0
    } catch (error) {
      const problem = explainListen(error, parent ? (await parent.orders).config : loaded.config)
      parent?.problem(problem)
      throw problem
    }
  },
}

// The program's code is loaded while the orders are still awaited.
async function start(
  roles: readonly string[],
  { parent, config, control }: { parent: Supervised | undefined; config: Config; control: string | undefined },
): Promise<void> {
  if (roles.includes('balancer')) {
    if (!control) throw new StartupError('The balancer needs --control FILE', 'See `skykeel serve --help`.')
    const { serveSupervisedBalancer } = await import('../embedded/balancer-process.ts')
    return serveSupervisedBalancer({ controlPath: control, config, parent })
  }
  if (roles.includes('galera')) {
    if (!control) throw new StartupError('A Galera node needs --control FILE', 'See `skykeel serve --help`.')
    const { serveGalera } = await import('../galera/process.ts')
    return serveGalera({ controlPath: control, logLevel: config.logLevel })
  }
  if (roles.includes('nova-compute')) {
    const { serveAgent } = await import('../embedded/agent-process.ts')
    return serveAgent({ config: (await parent?.orders)?.config ?? config, parent })
  }
  const { serveController } = await import('../embedded/controller-process.ts')
  return serveController({
    config: (await parent?.orders)?.config ?? config,
    roles: roles.includes('controller') ? controllerRoles : roles,
    parent,
  })
}

function checkRoles(roles: readonly string[]): void {
  const known = [...others, ...controllerRoles]
  if (roles.length === 0) throw new StartupError('skykeel serve needs a role', `There are: ${known.join(', ')}.`)
  for (const role of roles) {
    if (!known.includes(role)) throw new StartupError(`There is no role ${role}`, suggest(role, known, `There are: ${known.join(', ')}.`))
    if (roles.length > 1 && others.includes(role))
      throw new StartupError(`${role} is a process of its own and takes no other role`, `Run \`skykeel serve ${role}\`.`)
  }
}
