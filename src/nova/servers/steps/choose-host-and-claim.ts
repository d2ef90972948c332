import { conflict, Fault, unavailable } from '../../../kernel/errors.ts'
import { claim, hostCandidates, release } from '../../../placement/contract.ts'
import { hostByName, hostsByProviderId, type Host } from '../../hosts/store.ts'
import { changeServer } from '../store.ts'
import { resourcesOf, traitsOf } from './resources.ts'
import { rulesOfPlace, type RulesOfPlace } from './rules-of-place.ts'
import { serverAtWork } from './server-at-work.ts'
import type { Context } from '../../../kernel/context.ts'
import type { SqlStep } from '../../../kernel/sagas/saga.ts'
import type { Tx } from '../../../kernel/sql/tables.ts'
import type { BuildServer } from '../build.saga.ts'
import type { ServerRow } from '../tables.ts'

/** Finds a host with room and takes the room, in one transaction: none is promised twice. */
export const chooseHostAndClaim: SqlStep<BuildServer> = {
  name: 'choose host and claim',
  role: 'nova-scheduler',
  async run(ctx, tx, { subject, input, attempts }) {
    const server = await serverAtWork(tx, subject)
    const host = await chooseHost(ctx, tx, server, { rules: await rulesOfPlace(tx, server, input.hints), attempts })
    await changeServer(ctx, tx, subject, { host: host.name, zone: host.zone, task_state: 'networking' })
    return { host: host.name, zone: host.zone }
  },
  async undo(ctx, tx, { subject }) {
    await release(ctx, tx, { consumerId: subject })
    await changeServer(ctx, tx, subject, { host: null, zone: null })
    await changeServer(ctx, tx, subject, { task_state: 'scheduling' }, { unlessDeleting: true })
  },
}

const noValidHost = () => conflict('No valid host was found. There are not enough hosts available.', { type: 'NoValidHost' })

/** How many hosts with room are looked at before all of them are. */
const fewHosts = 16
const allHosts = 100_000
/** So often a build is tried again when hosts would do that have fallen silent: for about 13 s, in which they may be back from a fault between. */
const attemptsForSilent = 8

async function chooseHost(
  ctx: Context,
  tx: Tx,
  server: ServerRow,
  { rules, attempts }: { rules: RulesOfPlace; attempts: number },
): Promise<Host> {
  if (rules.forced) return forcedHost(ctx, tx, server, rules.forced)
  let [raced, silent] = [false, false]
  for (const limit of [fewHosts, allHosts]) {
    const request = {
      resources: resourcesOf(server.flavor_json),
      requiredTraits: traitsOf(server.flavor_json),
      limit,
      beginAt: ctx.ids.chance(),
    }
    const candidates = await hostCandidates(tx, request)
    const hosts = await hostsByProviderId(
      tx,
      candidates.map(({ id }) => id),
    )
    const fitting = candidates.flatMap(({ id }) => hosts.get(id) ?? []).filter((host) => !host.disabled && rules.allows(host))
    const suitable = fitting.filter((host) => host.up)
    silent = fitting.some((host) => !host.up && !host.forcedDown)
    const inOrder = oneOfTheRoomiestFirst(ctx, suitable).toSorted((one, other) => rules.preference(other) - rules.preference(one))
    for (const host of inOrder) {
      if (await takes(ctx, tx, server, host)) return host
      raced = true
    }
    if (candidates.length < limit) break
  }
  // There was room, but others took it at this moment: look again, now that they are through.
  if (raced) throw Object.assign(new Error('hosts filled up meanwhile'), { code: '40001' })
  if (silent && attempts < attemptsForSilent) throw unavailable('The hosts that would do are not heard of at the moment.')
  throw noValidHost()
}

/** An administrator's word stands above all but the room that there is. */
async function forcedHost(ctx: Context, tx: Tx, server: ServerRow, name: string): Promise<Host> {
  const host = await hostByName(tx, name)
  if (!host || server.refusals_json.includes(name) || !(await takes(ctx, tx, server, host))) throw noValidHost()
  return host
}

/** Of two at random the roomier one goes first: so builds at the same time spread, and hosts fill evenly. */
function oneOfTheRoomiestFirst(ctx: Context, hosts: readonly Host[]): Host[] {
  const one = Math.min(...[0, 0].map(() => Math.floor(ctx.ids.chance() * hosts.length)))
  return hosts.length === 0 ? [] : [hosts[one]!, ...hosts.filter((_, index) => index !== one)]
}

async function takes(ctx: Context, tx: Tx, server: ServerRow, host: Host): Promise<boolean> {
  const { id: consumerId, project_id: projectId, user_id: userId, flavor_json: flavor } = server
  try {
    await claim(ctx, tx, { consumerId, projectId, userId, providerId: host.id, resources: resourcesOf(flavor) })
    return true
  } catch (error) {
    if (error instanceof Fault && error.details.type === 'placement.concurrent_update') return false
    throw error
  }
}
