import { suggest } from '../config/nearest.ts'
import { StartupError } from '../config/startup-error.ts'
import { readRoster } from '../embedded/supervisor/roster.ts'
import { stateDirAt } from '../embedded/supervisor/state-dir.ts'
import { renderHaproxy } from '../topology/render/haproxy-config.ts'
import { say } from './terminal.ts'
import type { Verb } from './verb.ts'

const kinds = ['haproxy']

export const render: Verb = {
  name: 'render',
  summary: 'Write the configuration of other programs for this cloud',
  usage: 'haproxy [NAME=]HOST:PORT…',
  description: [
    'Prints the configuration of HAProxy: it listens where --host and --port say, and leads to these controllers.',
    'Without any controller it leads to those of the cloud that runs in the state directory.',
  ].join('\n'),
  settings: ['stateDir', 'host', 'port'],
  flags: { 'admin-socket': { placeholder: 'PATH', help: 'Unix socket for its statistics and for draining a controller' } },
  examples: [
    ['skykeel render haproxy --host 0.0.0.0 --port 80 one:7770 two:7770 > /etc/haproxy/haproxy.cfg', 'In front of two controllers.'],
    ['skykeel render haproxy --port 7000 > haproxy.cfg', 'Beside the balancer of the cloud that runs here.'],
  ],
  async run({ positionals: [kind, ...addresses], loaded, flags }) {
    if (kind === undefined || !kinds.includes(kind)) {
      throw new StartupError(
        kind ? `There is nothing to render for ${kind}` : 'skykeel render needs to know for what',
        suggest(kind ?? '', kinds, `There is: ${kinds.join(', ')}.`),
      )
    }
    const { host, port, stateDir } = loaded.config
    const controllers = addresses.length > 0 ? addresses.map(addressOf) : runningControllers(stateDir)
    const adminSocket = flags['admin-socket']
    say(renderHaproxy({ listen: { host, port }, controllers, ...(adminSocket && { adminSocket }) }))
    return 0
  },
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
