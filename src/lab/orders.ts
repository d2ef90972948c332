import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { chmodSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { StartupError } from '../config/startup-error.ts'
import { suggest } from '../config/nearest.ts'
import type { Lab } from './lab.ts'
import type { KeptUnit } from './keep-unit.ts'
import { type LabStatus, statusOf } from './lab-status.ts'
import type { Machine } from './machine.ts'
import type { Direction } from './network.ts'
import { commandOf, ownProgram, versionIn } from './programs.ts'

/** What can be done to a lab: to a host (`c1`), or to a unit of one (`c1/galera`). */
export interface Order {
  readonly act: string
  readonly target: string
  /** `cut`: in, out or both; `slow`: kilobits a second; `skew`: seconds; `upgrade`: the folder of a program, this one if not said. */
  readonly value?: string | undefined
}

const toHosts: Record<string, (machine: Machine, value: string | undefined) => Promise<void>> = {
  off: (machine) => machine.off(),
  on: (machine) => machine.on(),
  cut: (machine, value = 'both') => machine.cut(directionOf(value)),
  slow: (machine, value = '256') => machine.slow(Number(value)),
  fill: async (machine) => {
    if (!machine.disk)
      throw new StartupError('The hosts of this lab have no disks of their own', 'They need loop devices and mkfs.ext4, from e2fsprogs.')
    await machine.fill()
  },
  skew: async (machine, value = '60') => {
    if (!machine.wallClock) throw new StartupError('The hosts of this lab have no clocks of their own', 'Debian: apt-get install faketime')
    machine.wallClock.step(secondsOf(value) * 1000)
  },
  heal: (machine) => machine.heal(),
  'rotate-keys': (machine) => machine.rotateKeys(),
}

const toUnits: Record<string, (unit: KeptUnit, machine: Machine, value: string | undefined) => Promise<void>> = {
  kill: (unit) => unit.kill(),
  freeze: async (unit) => unit.freeze(),
  thaw: async (unit) => unit.thaw(),
  restart: (unit) => unit.restart(),
  stop: (unit) => unit.stop(),
  start: async (unit) => unit.start(),
  upgrade,
}

export const hostActs = Object.keys(toHosts)
export const unitActs = Object.keys(toUnits)

// Whatever else of ours runs on the host goes on with its old program until it is restarted, as on a real one. A controller's unit runs
// `prepare` before each start, so that the first new controller finds the tables that it needs.
async function upgrade({ unit, restart }: KeptUnit, machine: Machine, program = ownProgram): Promise<void> {
  if (!unit.command[0]?.endsWith(commandOf('')))
    throw new StartupError(`${unit.name} is no program of ours`, 'Those are: controller, nova-compute and galera.')
  await versionIn(program)
  await machine.give(program)
  await restart()
}

function directionOf(value: string): Direction {
  if (value === 'in' || value === 'out' || value === 'both') return value
  throw new StartupError(`A line can't be cut ${value}`, 'It can be cut `in`, `out`, or `both`.')
}

function secondsOf(value: string): number {
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return seconds
  throw new StartupError(`A clock can't be stepped by ${value}`, 'Say by how many seconds: 60, or -60.')
}

/** Does what an order says. Throws a StartupError when there is no such act or target. */
export async function obey({ machines }: Pick<Lab, 'machines'>, { act, target, value }: Order): Promise<void> {
  const [hostName = '', unitName] = target.split('/')
  const machine = machines.find(({ name }) => name === hostName)
  const names = machines.map(({ name }) => name)
  if (!machine) throw new StartupError(`The lab has no host ${hostName}`, suggest(hostName, names, `There are: ${names.join(', ')}.`))
  const toHost = toHosts[act]
  if (toHost && unitName === undefined) return toHost(machine, value)
  const toUnit = toUnits[act]
  if (!toUnit) throw new StartupError(`Nothing can be ${act}`, `To hosts: ${hostActs.join(', ')}; to units: ${unitActs.join(', ')}.`)
  const units = machine.units().map(({ unit }) => unit.name)
  const unit = machine.units().find((one) => one.unit.name === unitName)
  if (!unit)
    throw new StartupError(
      `Host ${hostName} has no unit ${unitName ?? ''}`,
      suggest(unitName ?? '', units, `There are: ${units.join(', ')}.`),
    )
  return toUnit(unit, machine, value)
}

/** Takes orders on a socket that only this user may use. */
export async function takeOrders(
  path: string,
  lab: Lab,
  status: () => Omit<LabStatus, keyof Awaited<ReturnType<typeof statusOf>>>,
): Promise<() => void> {
  rmSync(path, { force: true })
  const server = createServer((request, response) => void answer(request, response))
  async function answer(request: IncomingMessage, response: ServerResponse) {
    try {
      if (request.method === 'GET') return void response.end(JSON.stringify({ ...status(), ...(await statusOf(lab)) }))
      await obey(lab, JSON.parse(await textOf(request)) as Order)
      response.end('{}')
    } catch (error) {
      const { message } = error as Error
      response.statusCode = error instanceof StartupError ? 400 : 500
      response.end(JSON.stringify({ message, hint: error instanceof StartupError ? error.hint : 'See the log of the supervisor.' }))
    }
  }
  server.listen(path)
  await once(server, 'listening')
  chmodSync(path, 0o600)
  return () => {
    server.close()
    server.closeAllConnections()
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += part as string
  return text
}
