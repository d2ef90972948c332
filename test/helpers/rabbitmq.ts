import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { freePort } from './free-port.ts'
import { signalTree } from './process-tree.ts'
import { until } from './until.ts'

/** A RabbitMQ of one test file's own: one node on 127.0.0.1, apart from any that the system runs. */
export interface PrivateRabbit {
  readonly url: string
  readonly port: number
  readonly pid: number
  kill9(): Promise<void>
  /** Starts it again on the same data and port. */
  restart(): Promise<void>
  freeze(): void
  thaw(): void
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

// The wrapper in /usr/sbin insists on the system's own folders and user; the script behind it does not.
const script = '/usr/lib/rabbitmq/bin/rabbitmq-server'
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}

/** Whether this machine has a RabbitMQ that `startRabbit` can run. Tests that need one are skipped by name otherwise. */
export const rabbitInstalled = existsSync(script) && onPath('epmd')

/** Makes and starts a fresh one; takes five to fifteen seconds. */
export async function startRabbit(): Promise<PrivateRabbit> {
  const home = mkdtempSync(join(tmpdir(), 'skykeel-mq-'))
  mkdirSync(join(home, 'data'))
  writeFileSync(join(home, 'plugins'), '[].\n')
  if (nobody.uid !== undefined)
    for (const path of [home, join(home, 'data'), join(home, 'plugins')]) chownSync(path, nobody.uid, nobody.gid)
  const [port, distPort, epmdPort] = [await freePort(), await freePort(), await freePort()]
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    LANG: 'C.UTF-8',
    RABBITMQ_NODENAME: 'rabbit@localhost',
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: `${port}`,
    RABBITMQ_DIST_PORT: `${distPort}`,
    ERL_EPMD_PORT: `${epmdPort}`,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_MNESIA_BASE: join(home, 'data'),
    RABBITMQ_LOG_BASE: home,
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'plugins'),
    RABBITMQ_CONF_ENV_FILE: join(home, 'none'),
    RABBITMQ_CONFIG_FILE: join(home, 'none'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    // Makes the script replace itself by the Erlang machine, so that our child is the broker.
    RUNNING_UNDER_SYSTEMD: 'true',
  }
  const log = openSync(join(home, 'out'), 'a')
  const run = (command: string, args: string[]) => spawn(command, args, { ...nobody, env, cwd: home, stdio: ['ignore', log, log] })
  // Erlang would start this name server by itself, and leave it behind.
  const names = run('epmd', ['-port', `${epmdPort}`, '-address', '127.0.0.1'])
  await until(() => accepts(epmdPort), { what: 'epmd to listen' })

  const start = async () => {
    const server = run(script, [])
    const answers = async () => {
      if (server.exitCode !== null) throw new Error(`RabbitMQ ended: ${readFileSync(join(home, 'out'), 'utf8').slice(-2000)}`)
      return greets(port)
    }
    await until(answers, { what: 'RabbitMQ to answer', timeoutMs: 90_000, everyMs: 100 })
    return server
  }
  let server = await start()
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    port,
    get pid() {
      return server.pid ?? 0
    },
    kill9: () => end(server),
    restart: async () => {
      server = await start()
    },
    freeze: () => signalTree(server.pid ?? 0, 'SIGSTOP'),
    thaw: () => signalTree(server.pid ?? 0, 'SIGCONT'),
    stop: async () => {
      await end(server)
      await end(names)
      rmSync(home, { recursive: true, force: true })
    },
  }
}

async function end(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  signalTree(child.pid ?? 0, 'SIGKILL')
  await ended
}

const accepts = (port: number) => talk(port, (socket, done) => socket.once('connect', done))

/** A broker that is up answers the protocol header; one that is still starting refuses the connection. */
const greets = (port: number) =>
  talk(port, (socket, done) => socket.once('connect', () => socket.write('AMQP\x00\x00\x09\x01')).once('data', done))

function talk(port: number, listen: (socket: ReturnType<typeof connect>, done: () => void) => void): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2000 })
    const finish = (settle: () => void) => {
      socket.destroy()
      settle()
    }
    socket.once('error', (error) => finish(() => reject(error)))
    socket.once('timeout', () => finish(() => reject(new Error('no answer'))))
    listen(socket, () => finish(() => resolve(true)))
  })
}

function onPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)))
}
