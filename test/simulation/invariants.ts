import { limits } from './world.ts'
import type { Exchange } from './balancer.ts'
import type { FinalState, ServerSeen } from './final-state.ts'

/** Says what is wrong, a sentence each; nothing when it holds. */
type Invariant = (state: FinalState) => string[]

const isLiving = (server: ServerSeen): boolean => !server.deleted
const isDone = ({ reply }: Exchange): boolean => reply.status >= 200 && reply.status < 300
const isRefused = ({ reply }: Exchange): boolean => reply.status >= 400 && reply.status < 500
const asked = (state: FinalState, method: string, path: RegExp) =>
  state.exchanges.flatMap((exchange) => {
    const [, id = ''] = exchange.request.method === method ? (path.exec(exchange.request.path) ?? []) : []
    return exchange.request.method === method && path.test(exchange.request.path) ? [{ ...exchange, id }] : []
  })

const creations = (state: FinalState) => [
  ...asked(state, 'POST', /^\/compute\/v2.1\/servers$/).map((exchange) => {
    const { server } = exchange.request.body as { server: { name: string; min_count?: number } }
    const names = server.min_count ? Array.from({ length: server.min_count }, (_, index) => `${server.name}-${index + 1}`) : [server.name]
    return { exchange, names, there: state.servers.map(({ name }) => name), gone: [] as string[] }
  }),
  ...asked(state, 'POST', /\/ports$/).map((exchange) => {
    const { name } = (exchange.request.body as { port: { name: string } }).port
    return {
      exchange,
      names: [name],
      there: state.ports.map((port) => port.name),
      gone: deletedOf(state, /\/ports\/(.+)$/, exchange.reply.body?.port?.id),
    }
  }),
  ...asked(state, 'POST', /\/floatingips$/).map((exchange) => {
    const { description } = (exchange.request.body as { floatingip: { description: string } }).floatingip
    const gone = deletedOf(state, /\/floatingips\/(.+)$/, exchange.reply.body?.floatingip?.id)
    return { exchange, names: [description], there: state.floatingIps.map((fip) => fip.description), gone }
  }),
]

const deletedOf = (state: FinalState, path: RegExp, wanted: string | undefined): string[] =>
  asked(state, 'DELETE', path).flatMap((exchange) => (isDone(exchange) && exchange.id === wanted ? [wanted] : []))

/** (1) What was answered with success is there, exactly once; (7) what was refused is not. */
const answersAreTrue: Invariant = (state) => [
  ...creations(state).flatMap(({ exchange, names, there, gone }) => {
    const wanted = isDone(exchange) && gone.length === 0 ? 1 : 0
    return names.flatMap((name) => {
      const found = there.filter((one) => one === name).length
      return found === wanted ? [] : [`${name} was answered with ${exchange.reply.status} and is there ${found} times instead of ${wanted}`]
    })
  }),
  ...asked(state, 'DELETE', /^\/compute\/v2.1\/servers\/(.+)$/).flatMap((exchange) =>
    isDone(exchange) && state.servers.some((server) => server.id === exchange.id && !server.deleted)
      ? [`server ${exchange.id} was deleted and lives`]
      : [],
  ),
]

const verbs: Readonly<Record<string, string>> = { 'os-start': 'start', 'os-stop': 'stop', reboot: 'reboot' }

/** (1, 7) What servers were asked for stands in their records as often as it was accepted. */
const actionsAreCounted: Invariant = (state) => {
  const counted = new Map<string, number>()
  const count = (key: string, by: number) => counted.set(key, (counted.get(key) ?? 0) + by)
  for (const exchange of asked(state, 'POST', /\/servers\/(.+)\/action$/))
    if (isDone(exchange)) count(`${exchange.id} ${verbs[Object.keys(exchange.request.body as object)[0]!]}`, 1)
  for (const { server_id, action } of state.actions) if (Object.values(verbs).includes(action)) count(`${server_id} ${action}`, -1)
  return [...counted].flatMap(([key, difference]) => (difference === 0 ? [] : [`${key}: ${difference} more accepted than recorded`]))
}

/** Nobody sees a bug. */
const noServerError: Invariant = (state) =>
  state.exchanges
    .filter((exchange) => !isDone(exchange) && !isRefused(exchange))
    .map(({ request, reply }) => `${request.method} ${request.path}: ${reply.status} ${JSON.stringify(reply.body)}`)

const afterAction: Readonly<Record<string, string>> = { create: 'active', start: 'active', reboot: 'active', stop: 'stopped' }

/** (2) Every server ends active, stopped as was asked, deleted, or in error with a fault. */
const serversEnd: Invariant = (state) => [
  ...state.activeSagas.map((saga) => `work goes on: ${JSON.stringify(saga)}`),
  ...state.servers.filter(isLiving).flatMap((server) => {
    if (server.task_state !== null) return [`server ${server.id} is still ${server.task_state}`]
    if (server.vm_state === 'error') return server.fault?.message ? [] : [`server ${server.id} does not say why it is in error`]
    const done = state.actions.filter(
      ({ server_id, events }) => server_id === server.id && events.some((event) => event.result === 'Success'),
    )
    const wanted = afterAction[done.findLast(({ action }) => action in afterAction)?.action ?? '']
    return server.vm_state === wanted ? [] : [`server ${server.id} is ${server.vm_state} instead of ${wanted}`]
  }),
  ...state.actions.flatMap(({ server_id, action, events }) => {
    const isWorkOfLiving = state.servers.some((server) => server.id === server_id && isLiving(server)) && action in afterAction
    return isWorkOfLiving && events.length !== 1 ? [`${action} of ${server_id} ended ${events.length} times`] : []
  }),
]

/** (3) Hosts carry what the database says, and no more than they can. */
const allocationsMatch: Invariant = (state) => {
  const living = state.servers.filter((server) => isLiving(server) && server.host !== null)
  const wanted = living.flatMap(({ id, host, flavor }) => [
    `${id} ${host} VCPU ${flavor.vcpus}`,
    `${id} ${host} MEMORY_MB ${flavor.memoryMb}`,
    ...(flavor.diskGb > 0 ? [`${id} ${host} DISK_GB ${flavor.diskGb}`] : []),
  ])
  const held = state.allocations.map((one) => `${one.consumer_id} ${one.provider} ${one.resource_class} ${one.used}`)
  const sums = state.inventories.flatMap(({ provider, resource_class, used, capacity }) => {
    const sum = state.allocations
      .filter((one) => one.provider === provider && one.resource_class === resource_class)
      .reduce((total, one) => total + one.used, 0)
    if (sum !== used) return [`${provider} says that ${used} ${resource_class} are used, but ${sum} are`]
    return used > capacity ? [`${provider} gave ${used} of ${capacity} ${resource_class} away`] : []
  })
  return [...difference('allocation', wanted, held), ...sums]
}

/** (3) Every server that has a host has its one guest there, in the right state; and there is no other guest. */
const guestsMatch: Invariant = (state) => {
  const powers: Readonly<Record<string, string>> = { active: 'running', stopped: 'shutdown' }
  const wanted = state.servers
    .filter((server) => isLiving(server) && server.vm_state in powers)
    .map((server) => `${server.id} ${server.host} ${powers[server.vm_state]}`)
  const there = state.guests.map(({ id, host, power }) => `${id} ${host} ${power}`)
  return difference('guest', wanted, there)
}

/** (4) Nothing is left that nobody owns, and no address was given twice. */
const nothingIsLeft: Invariant = (state) => {
  const living = new Set(state.servers.filter(isLiving).map(({ id }) => id))
  const portIds = new Set(state.ports.map(({ id }) => id))
  const floating = new Set(state.floatingIps.map(({ floating_port_id }) => floating_port_id))
  const addresses = state.addresses.map(({ subnet_id, address }) => `${subnet_id} ${address}`)
  return [
    ...state.ports.flatMap((port) => {
      if (port.device_owner.startsWith('compute:') && !living.has(port.device_id))
        return [`port ${port.id} belongs to a server that is gone`]
      if (port.made_for_server && port.device_id === '') return [`port ${port.id} was made for a server and has none`]
      if (port.device_owner === 'network:floatingip' && !floating.has(port.id)) return [`port ${port.id} has no floating IP`]
      return []
    }),
    ...[...floating].filter((id) => !portIds.has(id)).map((id) => `port ${id} of a floating IP is gone`),
    ...state.addresses.filter(({ port_id }) => !portIds.has(port_id)).map(({ address }) => `address ${address} has no port`),
    ...addresses.filter((one, index) => addresses.indexOf(one) !== index).map((one) => `address ${one} is given twice`),
    ...state.servers
      .filter((server) => isLiving(server) && ['active', 'stopped'].includes(server.vm_state))
      .filter(({ id }) => !state.ports.some((port) => port.device_id === id) && !wasGivenAPortThatWent(state, id))
      .map(({ id }) => `server ${id} has no port`),
  ]
}

const wasGivenAPortThatWent = (state: FinalState, id: string): boolean =>
  asked(state, 'POST', /\/servers$/).some(
    ({ request, reply }) =>
      reply.body?.server?.id === id && (request.body as { server: { networks: object[] } }).server.networks.some((nic) => 'port' in nic),
  )

/** (4, 5) What counts as used is what is there, and within the limits. */
const quotasMatch: Invariant = (state) => {
  const living = state.servers.filter(isLiving)
  const sum = (of: (server: ServerSeen) => number) => living.reduce((total, server) => total + of(server), 0)
  const ports = state.ports.filter(({ project_id }) => project_id === 'demo').length
  const rows: readonly [string, number, number, number][] = [
    ['instances', state.computeUsage.instances, living.length, limits.instances],
    ['cores', state.computeUsage.cores, sum(({ flavor }) => flavor.vcpus), Infinity],
    ['ram', state.computeUsage.ram, sum(({ flavor }) => flavor.memoryMb), Infinity],
    ['ports', state.networkUsage['port'] ?? 0, ports, limits.ports],
    ['floating IPs', state.networkUsage['floatingip'] ?? 0, state.floatingIps.length, limits.floatingIps],
  ]
  return rows.flatMap(([name, counted, there, limit]) => [
    ...(counted === there ? [] : [`${counted} ${name} are counted, but ${there} are there`]),
    ...(there <= limit ? [] : [`${there} ${name} are there, but only ${limit} are allowed`]),
  ])
}

/** (3, 5) At no moment was more used than there is. */
const neverTooMuch: Invariant = (state) => state.trespasses.map((what) => `too much, or less than nothing, was used for a moment: ${what}`)

/** (6) Every move of a saga follows the one before: nobody acted on a claim that had passed to another. */
const stepsFollow: Invariant = (state) =>
  state.sagaMoves
    .filter(({ seen, became }) => became !== seen + 1)
    .map(({ saga, seen, became, step }) => `saga ${saga} went from revision ${seen} to ${became} at step ${step}: two worked on it`)

function difference(what: string, wanted: readonly string[], there: readonly string[]): string[] {
  const missing = wanted.filter((one) => !there.includes(one)).map((one) => `${what} missing: ${one}`)
  return [...missing, ...there.filter((one) => !wanted.includes(one)).map((one) => `${what} too many: ${one}`)]
}

const invariants: readonly Invariant[] = [
  answersAreTrue,
  actionsAreCounted,
  noServerError,
  serversEnd,
  allocationsMatch,
  guestsMatch,
  nothingIsLeft,
  quotasMatch,
  neverTooMuch,
  stepsFollow,
]

/** All that is wrong. */
export const violations = (state: FinalState): string[] => invariants.flatMap((invariant) => invariant(state))
