import { hostsWith, type ControllerSettings, type Topology, type TopologyHost } from '../model.ts'
import { controllersOf, statelessRoles } from '../controllers.ts'
import { hostKey } from '../agents-door.ts'
import { hostsPlaying } from '../programs.ts'
import { databaseUrl, messagingUrl } from './urls.ts'
import { closed, othersThan, type Part, type RenderPart, type Rendering, unitOf } from './part.ts'
import { at } from './ports.ts'

/** A controller: all stateless roles of this host in one process. */
export const controller: RenderPart = (topology, host, rendering) => {
  const roles = statelessRoles(host)
  if (roles.length === 0) return undefined
  const { layout } = rendering
  const file = `${layout.etc}/controller.yaml`
  return {
    files: [closed(file, 'skykeel', asYaml(controllerSettings(topology, host, rendering)))],
    units: [
      unitOf({
        name: 'controller',
        description: `Skykeel: ${roles.join(', ')}`,
        // Where these are on the same host, they might as well be there first.
        after: ['galera', 'patroni', 'rabbitmq'],
        user: 'skykeel',
        // Waits for the database, and does nothing when there is nothing to do.
        before: [[layout.skykeel, 'prepare', '--config', file]],
        command: [layout.skykeel, 'serve', ...roles, '--config', file],
        // It first tells the balancers, then ends what it has.
        stopSeconds: 40,
        folders: [`${layout.lib}/controller`, ...(topology.images.folder === undefined ? [] : [topology.images.folder])],
        capabilities: topology.controllerPort < 1024 ? ['CAP_NET_BIND_SERVICE'] : [],
        ports: [{ port: topology.controllerPort, protocol: 'tcp', openTo: 'peers', why: 'the APIs, for balancers; orders, for hosts' }],
      }),
    ],
  }
}

/** The agent of a hypervisor. It knows the message queue and, for the time without it, where controllers are. */
export const novaCompute: RenderPart = (topology, host, rendering): Part | undefined => {
  if (!hostsWith(topology, 'nova-compute').includes(host)) return undefined
  const { layout } = rendering
  const file = `${layout.etc}/nova-compute.yaml`
  const settings = {
    name: host.name,
    host_names: host.name,
    messaging: messagingUrl(topology, rendering),
    // A queue on the database is away only when the controllers have nothing to tell either.
    ...(topology.queue !== 'database' && {
      second_way: urlsOf(hostsPlaying(topology, 'nova-conductor'), topology),
      host_keys: hostKey(rendering.secretOf('cloud'), host.name),
    }),
    state_dir: `${layout.lib}/nova-compute`,
  }
  return {
    files: [closed(file, 'skykeel', asYaml(settings))],
    units: [
      unitOf({
        name: 'nova-compute',
        description: 'Skykeel: the agent of this hypervisor',
        after: ['rabbitmq'],
        user: 'skykeel',
        command: [layout.skykeel, 'serve', 'nova-compute', '--config', file],
        folders: [`${layout.lib}/nova-compute`],
      }),
    ],
  }
}

function controllerSettings(topology: Topology, host: TopologyHost, rendering: Rendering): ControllerSettings {
  const { layout, secretOf, adminPassword } = rendering
  const peers = urlsOf(othersThan(host, controllersOf(topology)), topology)
  return {
    name: host.name,
    host: host.address,
    port: topology.controllerPort,
    region: topology.region,
    database: databaseUrl(topology, rendering),
    messaging: messagingUrl(topology, rendering),
    secret: secretOf('cloud'),
    admin_password: adminPassword ?? secretOf('admin password'),
    ...(topology.images.folder !== undefined && { image_folder: topology.images.folder }),
    ...(peers !== '' && { peers }),
    ...(hostsWith(topology, 'balancer').length > 1 && { floating_address: topology.address }),
    ...topology.controllerSettings,
    state_dir: `${layout.lib}/controller`,
  }
}

const urlsOf = (hosts: readonly TopologyHost[], { controllerPort }: Topology): string =>
  hosts.map(({ address }) => `http://${at(address, controllerPort)}`).join(',')

// A JSON text is a YAML text too, and leaves no doubt about quotes.
const asYaml = (settings: ControllerSettings): string =>
  [
    '# Written by skykeel from the topology. Change that instead of this file.',
    ...Object.entries(settings).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    '',
  ].join('\n')
