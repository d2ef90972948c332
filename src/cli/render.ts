import { StartupError } from '../config/startup-error.ts'
import { readRoster } from '../embedded/supervisor/roster.ts'
import { stateDirAt } from '../embedded/supervisor/state-dir.ts'
import { renderHaproxy } from '../topology/render/haproxy-config.ts'
import { renderHosts } from './render-hosts.ts'
import { compareTrees, writeTrees } from './rendered-trees.ts'
import { say } from './terminal.ts'
import type { Call, Verb } from './verb.ts'

export const render: Verb = {
  name: 'render',
  summary: 'Write everything that the hosts of a cloud are given, or the configuration of HAProxy alone',
  usage: '[HOST…] | haproxy [NAME=]HOST:PORT…',
  description: [
    'Writes for each host of the section `topology`, or for those that are named, into the folder of --out: its configuration files, units of',
    'systemd, firewall, and a script `install`. The same file and secret give the same files each time. They hold secrets: see docs/deploying.md.',
    '`haproxy` prints the configuration of HAProxy alone: it listens where --host and --port say, and leads to these controllers,',
    'or without any to those of the cloud that runs in the state directory.',
  ].join('\n'),
  settings: ['stateDir', 'host', 'port', 'secret', 'adminPassword', 'database', 'messaging', 'region'],
  flags: {
    out: { placeholder: 'DIR', help: 'Where to write: a folder per host' },
    diff: { help: 'Write nothing; tell which files of --out would change, and end with 1 if any would' },
    list: { help: 'Write nothing; list the files' },
    'admin-socket': { placeholder: 'PATH', help: 'haproxy: unix socket for its statistics and for draining a controller' },
  },
  examples: [
    ['skykeel render --config skykeel.yaml --out hosts', 'Everything for all hosts.'],
    ['skykeel render --config skykeel.yaml --out hosts --diff', 'What a change of the topology means for the files.'],
    [
      'skykeel render haproxy --host 0.0.0.0 --port 80 one:7770 two:7770 > /etc/haproxy/haproxy.cfg',
      'HAProxy in front of two controllers.',
    ],
    ['skykeel render haproxy --port 7000 > haproxy.cfg', 'Beside the balancer of the cloud that runs here.'],
  ],
  run: async (call) => (call.positionals[0] === 'haproxy' ? printHaproxy(call) : renderTopology(call)),
}

async function renderTopology({ positionals, loaded, flags }: Call): Promise<number> {
  const trees = await renderHosts(loaded, positionals)
  if (flags['list']) {
    for (const { folder, files } of trees)
      for (const { path, mode, owner = 'root' } of files) say(`${mode.toString(8).padStart(4, '0')} ${owner.padEnd(8)} ${folder}${path}`)
    return 0
  }
  const { out } = flags
  if (out === undefined)
    throw new StartupError('skykeel render needs a folder to write to', 'Give --out DIR, or --list to see what there would be.')
  const differences = compareTrees(out, trees).filter(({ difference }) => difference !== 'same')
  if (!flags['diff']) writeTrees(out, trees)
  for (const { path, difference } of differences) say(`${difference.padEnd(8)} ${path}`)
  if (differences.length === 0) say(`${out} is up to date.`)
  return flags['diff'] && differences.length > 0 ? 1 : 0
}

async function printHaproxy({ positionals: [, ...addresses], loaded, flags }: Call): Promise<number> {
  const { host, port, stateDir } = loaded.config
  const controllers = addresses.length > 0 ? addresses.map(addressOf) : runningControllers(stateDir)
  const adminSocket = flags['admin-socket']
  say(renderHaproxy({ listen: { host, port }, controllers, ...(adminSocket && { adminSocket }) }))
  return 0
}

function addressOf(written: string, index: number) {
  const [, name = `controller-${index + 1}`, host = '', port = ''] = /^(?:([\w.-]+)=)?(\[[^\]]+\]|[^:=]+):(\d+)$/.exec(written) ?? []
  if (host === '') throw new StartupError(`${written} is no address of a controller`, 'Write HOST:PORT or NAME=HOST:PORT.')
  return { name, host, port: Number(port) }
}

function runningControllers(stateDir: string) {
  const entries = readRoster(stateDirAt(stateDir))?.processes ?? []
  const controllers = entries.flatMap(({ name, ports }) =>
    name.startsWith('controller-') && ports[''] ? [{ name, host: '127.0.0.1', port: ports[''] }] : [],
  )
  if (controllers.length === 0) throw new StartupError(`There is no cloud in ${stateDir}`, 'Name the controllers: HOST:PORT HOST:PORT.')
  return controllers
}
