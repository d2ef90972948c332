import { isIPv6 } from 'node:net'
import { StartupError } from '../../config/startup-error.ts'
import { hostsWith, type Topology, type TopologyHost } from '../model.ts'
import type { Layout } from '../unit.ts'
import { closed, open, othersThan, type RenderPart, script, unitOf } from './part.ts'
import { ports } from './ports.ts'
import { watchCode } from './rabbitmq-watch.ts'
import { neededMb, rabbitmqConfig, rabbitName } from './rabbitmq-config.ts'
import { firstBootScript } from './rabbitmq-first-boot.ts'

/** A node of RabbitMQ, and epmd, by which its nodes find each other's port. */
export const rabbitmq: RenderPart = (topology, host, { layout, secretOf }) => {
  if (topology.queue !== 'rabbitmq' || !hostsWith(topology, 'message-queue').includes(host)) return undefined
  if (isIPv6(host.address))
    throw new StartupError(
      `RabbitMQ on ${host.name} can't have the address ${host.address}`,
      'Use addresses of IPv4, or `queue: database`.',
    )
  const folder = `${layout.etc}/rabbitmq`
  const home = `${layout.lib}/rabbitmq`
  const firstBoot = `${folder}/first-boot`
  return {
    files: [
      closed(`${folder}/rabbitmq.conf`, 'rabbitmq', rabbitmqConfig(topology, host, secretOf)),
      open(`${folder}/enabled_plugins`, '[].\n'),
      script(firstBoot, firstBootScript({ home, neededMb, data: dataOf(layout, host), ...placeOf(topology, host) })),
      // Erlang refuses a cookie that others may read. Nodes without the same one do not speak with each other.
      { path: `${home}/.erlang.cookie`, text: secretOf('erlang cookie'), mode: 0o400, owner: 'rabbitmq' },
    ],
    units: [
      unitOf({
        name: 'epmd',
        description: 'Tells the nodes of RabbitMQ where each listens',
        user: 'rabbitmq',
        command: ['/usr/bin/epmd', '-address', host.address],
        stopSeconds: 5,
        ports: [{ port: ports.epmd, protocol: 'tcp', openTo: 'peers', why: 'where the Erlang node listens' }],
      }),
      unitOf({
        name: 'rabbitmq',
        description: 'A node of the message queue',
        after: ['epmd'],
        user: 'rabbitmq',
        before: [[firstBoot]],
        command: ['/usr/lib/rabbitmq/bin/rabbitmq-server'],
        environment: environmentOf(host, layout),
        stopSeconds: 60,
        folders: [home, `${layout.log}/rabbitmq`],
        ports: [
          { port: ports.amqp, protocol: 'tcp', openTo: 'peers', why: 'AMQP' },
          { port: ports.erlang, protocol: 'tcp', openTo: 'peers', why: 'the other nodes of the queue' },
        ],
      }),
    ],
  }
}

const dataOf = ({ lib }: Layout, host: TopologyHost): string => `${lib}/rabbitmq/mnesia/${rabbitName(host)}`

function placeOf(topology: Topology, host: TopologyHost) {
  const nodes = hostsWith(topology, 'message-queue')
  return { isFirst: nodes[0] === host, peers: othersThan(host, nodes).map(({ address }) => address) }
}

function environmentOf(host: TopologyHost, { etc, lib, log }: Layout): Record<string, string> {
  return {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
    HOME: `${lib}/rabbitmq`,
    // Addresses in the names, so that nothing depends on a name service.
    RABBITMQ_NODENAME: rabbitName(host),
    RABBITMQ_USE_LONGNAME: 'true',
    RABBITMQ_DIST_PORT: `${ports.erlang}`,
    ERL_EPMD_ADDRESS: host.address,
    RABBITMQ_MNESIA_BASE: `${lib}/rabbitmq/mnesia`,
    RABBITMQ_LOG_BASE: `${log}/rabbitmq`,
    RABBITMQ_CONFIG_FILE: `${etc}/rabbitmq/rabbitmq.conf`,
    RABBITMQ_ENABLED_PLUGINS_FILE: `${etc}/rabbitmq/enabled_plugins`,
    // What Debian's package has set up is for another node.
    RABBITMQ_CONF_ENV_FILE: `${etc}/rabbitmq/none`,
    RABBITMQ_ADVANCED_CONFIG_FILE: `${etc}/rabbitmq/none.config`,
    // A node that is silent for ten seconds is gone; by default 75, and new connections would wait that long.
    // Idle threads sleep rather than spin.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel net_ticktime 8 -kernel inet_dist_use_interface {${host.address.replaceAll('.', ',')}} +sbwt none +sbwtdcpu none +sbwtdio none`,
    // Before RabbitMQ itself, whose start may hang.
    ERL_AFLAGS: `-eval ${watchCode}`,
    // Makes the script replace itself by Erlang, which then gets the signals.
    RUNNING_UNDER_SYSTEMD: 'true',
  }
}
