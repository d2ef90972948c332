import { openBalancer } from './balancer.ts'
import { planBlows, type Dealt } from './blows.ts'
import { chanceOf, idsOf } from './chance.ts'
import { runClient, type Known } from './clients.ts'
import { newHost, openSimulatedAgent, type ComputeHost } from './compute-host.ts'
import { openSimulatedController, type SimulatedController } from './controller.ts'
import { simulatedDatabase, type Rewrite } from './database.ts'
import { finalState } from './final-state.ts'
import { violations } from './invariants.ts'
import { simulatedQueue } from './queue.ts'
import { Stage, type Life } from './stage.ts'
import type { SagaDefinition } from '../../src/kernel/sagas/saga.ts'
import type { World } from './world.ts'

/** What became of one schedule. */
export interface Story {
  readonly seed: number
  /** What is wrong at its end. */
  readonly wrong: readonly string[]
  readonly trace: readonly string[]
  readonly dealt: readonly Dealt[]
  readonly deeds: number
  /** How long it took in the simulation. */
  readonly virtualMs: number
}

/** How a test breaks the control plane on purpose. */
export interface Sabotage {
  readonly rewrite?: Rewrite
  readonly sagas?: (sagas: readonly SagaDefinition[]) => readonly SagaDefinition[]
  /** Repeats of a request bring keys of their own. */
  readonly withoutKeys?: boolean
  /** Agents don't know which orders they took before. */
  readonly forgetfulAgents?: boolean
}

/** Everything must be at rest by then, in virtual milliseconds, and after so many deeds. */
const bounds = { withinMs: 20 * 60_000, deeds: 20_000 }

/** Plays one schedule from its seed: clients, crashes, and what comes after; then looks whether all is well. */
export async function playSchedule(world: World, seed: number, sabotage: Sabotage = {}): Promise<Story> {
  await world.reset()
  const chance = chanceOf(seed)
  const dealt: Dealt[] = []
  const stage = new Stage({ chance: chance.branch('order'), ...planBlows(chance.branch('blows'), dealt) })
  const database = simulatedDatabase(stage, world.sessions, sabotage.rewrite)
  const queue = simulatedQueue(stage, { losesBells: chance.oneOf([0, 0.2, 1]), delivers: { twice: chance.oneOf([0, 0.1, 0.3]) } })
  const machine = stage.life('hypervisor', { mortal: false })
  const hosts = await Promise.all(world.hosts.map((name) => newHost(name, machine.clock)))
  const controllers: SimulatedController[] = []
  const living = new Set<Life>()
  const refuses = chance.oneOf([0, 0, 0.2])
  const pauses = chance.branch('pauses')
  let births = 0

  const begin = async (name: string, open: (life: Life) => Promise<unknown>, longestPauseMs: number) => {
    const life = stage.life(name)
    living.add(life)
    void life.death.then(() => {
      living.delete(life)
      stage.later(50 + pauses.below(longestPauseMs), () => void begin(name, open, longestPauseMs))
    })
    await open(life)
  }
  const parts = (life: Life) => ({ life, messaging: queue.connect(life), ids: idsOf(chance.branch(`${life.name} ${births++}`)) })
  const openController = async (life: Life) => {
    const { sagas } = sabotage
    const controller = await openSimulatedController({
      ...parts(life),
      db: database.connect(life),
      subject: world.subject,
      ...(sagas && { sagas }),
    })
    controllers.push(controller)
    void life.death.then(() => controllers.splice(controllers.indexOf(controller), 1))
  }
  const openAgent = (host: ComputeHost) => async (life: Life) => {
    const notes = sabotage.forgetfulAgents ? { ...host.notes, get: () => undefined } : host.notes
    await openSimulatedAgent({ ...host, notes }, { ...parts(life), chance: chance.branch(`${life.name} ${births}`), refuses })
  }
  for (const name of ['controller-1', 'controller-2']) await begin(name, openController, 3000)
  for (const host of hosts) await begin(`agent-${host.name}`, openAgent(host), 9000)

  const balancer = openBalancer({
    chance: chance.branch('balancer'),
    ids: idsOf(chance.branch('keys')),
    controllers: () => controllers,
    repeats: chance.oneOf([0, 0.1]),
    keys: !sabotage.withoutKeys,
  })
  const known: Known = { servers: [], ports: [], floatingIps: [] }
  const names = ['ann', 'bob', 'cid'].slice(0, 2 + chance.below(2))
  let busy = names.length
  for (const name of names) {
    const client = runClient(
      { life: stage.life(name, { mortal: false }), balancer, chance: chance.branch(name), world, known },
      2 + chance.below(4),
    )
    void client.then(() => busy--)
  }

  const isOfServers = (mailbox: string) => mailbox !== 'nova-hosts'
  const unrest = async (): Promise<string[]> => [
    ...(busy > 0 ? [`${busy} clients still ask`] : []),
    ...queue.waiting(isOfServers).map((letter) => `a letter waits: ${letter}`),
    ...[...living].filter((life) => life.isFrozen()).map((life) => `${life.name} is frozen`),
    ...(living.size < 2 + hosts.length ? ['someone is dead'] : []),
    ...(await work(world, hosts)),
  ]
  const isAtRest = await stage.run(async () => busy === 0 && (await unrest()).length === 0, bounds)
  const restless = isAtRest ? [] : [`not at rest after ${Math.round(stage.nowMs / 1000)} s and ${stage.deeds} deeds`, ...(await unrest())]
  const state = await finalState(world.sessions, { hosts, exchanges: balancer.exchanges })
  const wrong = [...restless, ...violations(state)]
  await stage.end()
  return { seed, wrong, trace: stage.trace, dealt, deeds: stage.deeds, virtualMs: stage.nowMs }
}

/** Work that is accepted and not done, and guests that are to be removed. */
async function work({ sessions }: World, hosts: readonly ComputeHost[]): Promise<string[]> {
  const session = await sessions.take()
  const text = `select (select coalesce(json_agg(kind || ' ' || subject), '[]') from kernel_sagas where active_subject is not null) as active,
    (select coalesce(json_agg(id || ' ' || host), '[]') from nova_servers where not deleted and host is not null) as placed`
  const { rows } = await session.client.query({ name: 'work', text })
  sessions.giveBack(session)
  const { active, placed } = rows[0] as { active: string[]; placed: string[] }
  const strays = hosts
    .flatMap(({ name, driver }) => driver.guests(name).map((id) => `${id} ${name}`))
    .filter((guest) => !placed.includes(guest))
  return [...active.map((saga) => `work goes on: ${saga}`), ...strays.map((guest) => `a stray guest: ${guest}`)]
}
