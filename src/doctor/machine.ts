import { existsSync } from 'node:fs'
import { readFile, statfs } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { dirname } from 'node:path'
import { runProgram } from '../kernel/run-program.ts'
import { urlPerHost, hostOf } from '../kernel/messaging/hosts.ts'
import { type Check, failing, type Finding, type Patient, warning } from './check.ts'

const text = async (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined)
const nodeMajor = 24
const mb = 1024 * 1024

const isLocal = (host: string): boolean => /^(127\.|localhost|local$|\[?::1|%2f|\/)/i.test(host)

/** Whether the database or the queue is on another machine. */
async function isSpread({ config, databaseUrl }: Patient): Promise<boolean> {
  const urls = [await databaseUrl(), config.messaging].filter((url) => url !== undefined)
  return urls.flatMap(urlPerHost).some((url) => !isLocal(hostOf(url)))
}

/** What the machine itself must be like. */
export const machineChecks: readonly Check[] = [
  {
    id: 'node-version',
    about: 'the version of Node.js',
    async run() {
      const major = Number(process.versions.node.split('.')[0])
      return major >= nodeMajor
        ? []
        : [failing(`Node.js ${process.versions.node} runs; ${nodeMajor} is needed`, 'Run bin/skykeel, which brings its own.')]
    },
  },
  {
    id: 'disk',
    about: 'free disk in the state directory',
    async run({ dir }) {
      let path = dir.root
      while (!existsSync(path)) path = dirname(path)
      const { bavail, bsize } = await statfs(path)
      const freeMb = Math.round((bavail * bsize) / mb)
      if (freeMb >= 2048) return []
      const problem = `${path} has ${freeMb} MB free`
      return [
        freeMb < 512 ? failing(problem, 'Free at least 2 GB: a full disk stops the database.') : warning(problem, 'Free at least 2 GB.'),
      ]
    },
  },
  {
    id: 'memory',
    about: 'free memory',
    async run() {
      const kb = Number(/^MemAvailable:\s+(\d+)/m.exec((await text('/proc/meminfo')) ?? '')?.[1] ?? NaN)
      if (Number.isNaN(kb)) return undefined
      return kb >= 512 * 1024
        ? []
        : [
            warning(
              `${Math.round(kb / 1024)} MB of memory are available`,
              'Give the machine more, or run fewer controllers by --controllers.',
            ),
          ]
    },
  },
  {
    id: 'open-files',
    about: 'how many files a process may open',
    async run() {
      const limit = /^Max open files\s+\d+\s+(\d+)/m.exec((await text('/proc/self/limits')) ?? '')?.[1]
      if (limit === undefined) return undefined
      return Number(limit) >= 4096
        ? []
        : [warning(`A process may open ${limit} files`, 'Raise it: `ulimit -Hn 65536`, or LimitNOFILE= in the unit.')]
    },
  },
  {
    id: 'clock',
    about: 'whether the clock is kept right',
    limitMs: 3_000,
    async run() {
      const { output } = await runProgram(['timedatectl', 'show', '--property=NTPSynchronized', '--value'], { timeoutMs: 2_000 })
      const said = output.trim()
      if (said !== 'yes' && said !== 'no') return undefined
      return said === 'yes'
        ? []
        : [
            warning(
              'The clock of this machine is not synchronised',
              'Run chrony or systemd-timesyncd. Leases do not need it; tokens and logs do.',
            ),
          ]
    },
  },
  {
    id: 'tcp-retries',
    about: 'how long a connection to a dead machine lives',
    async run(patient) {
      const retries = Number(await text('/proc/sys/net/ipv4/tcp_retries2'))
      if (!retries || !(await isSpread(patient))) return undefined
      return retries <= 8
        ? []
        : [
            warning(
              `net.ipv4.tcp_retries2 is ${retries}: what was sent to a dead machine is given up after minutes`,
              'Set it: `sysctl -w net.ipv4.tcp_retries2=6`.',
            ),
          ]
    },
  },
  {
    id: 'nonlocal-bind',
    about: 'whether the balancer can listen on an address that moves',
    async run({ config: { host } }): Promise<readonly Finding[] | undefined> {
      const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address))
      if (!/^\d+(\.\d+){3}$/.test(host) || host === '0.0.0.0' || host.startsWith('127.') || own.includes(host)) return undefined
      if ((await text('/proc/sys/net/ipv4/ip_nonlocal_bind'))?.trim() === '1') return []
      return [
        failing(
          `${host} is no address of this machine now, and net.ipv4.ip_nonlocal_bind is 0`,
          'Set it: `sysctl -w net.ipv4.ip_nonlocal_bind=1`.',
        ),
      ]
    },
  },
]
