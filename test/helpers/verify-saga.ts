import { expect } from 'vitest'
import { until } from './until.ts'
import type { TestCloud } from './a-cloud.ts'
import { conflict } from '../../src/kernel/errors.ts'
import type { Context } from '../../src/kernel/context.ts'
import type { Engine, Moment } from '../../src/kernel/sagas/engine.ts'
import type { Messaging } from '../../src/kernel/messaging/messaging.ts'
import { isLong, isOrder, registryOf, type HostOrder, type SagaDefinition, type Step } from '../../src/kernel/sagas/saga.ts'
import { openWorker } from '../../src/kernel/sagas/worker.ts'

/** How a saga comes about and what becomes of its subject: all that differs between the sagas that are verified. */
export interface SagaScenario {
  /** Every saga that takes part, the verified one among them. */
  readonly sagas: readonly SagaDefinition[]
  /** Brings about what the saga begins with, by ordinary work; gives its subject. */
  prepare?(): Promise<string>
  /** Starts the saga as a user does; gives its subject. */
  start(prepared: string | undefined): Promise<string>
  /** Checks what a case has led to. */
  check?(subject: string, outcome: 'done' | 'undone'): Promise<void>
  /** Ends the subject by ordinary means. */
  cleanUp(subject: string): Promise<void>
  /** What nobody owns after that. */
  leftovers(): Promise<readonly string[]>
}

/** What goes wrong, once. */
interface Case {
  readonly name: string
  /** The worker dies here: it never comes back from this moment. */
  readonly dies?: Pick<Moment, 'step' | 'phase'>
  /** This step refuses. */
  readonly refuses?: string
  /** Each transaction is undone and runs again; each order and report comes twice. */
  readonly repeats?: true
}

function casesOf({ steps }: SagaDefinition): Case[] {
  const last = steps.at(-1)!.name
  const phases = (step: Step<any>): Moment['phase'][] => (isOrder(step) ? ['before', 'before order', 'after order'] : ['before', 'after'])
  return [
    { name: 'nothing goes wrong' },
    { name: 'everything happens twice', repeats: true },
    { name: 'everything happens twice, also backward', repeats: true, refuses: last },
    ...steps.flatMap((step) => phases(step).map((phase) => ({ name: `death ${phase} "${step.name}"`, dies: { step: step.name, phase } }))),
    ...steps.map((step) => ({ name: `refusal by "${step.name}"`, refuses: step.name })),
    ...steps.flatMap((step) =>
      (['before undo', 'after undo'] as const).map((phase) => ({
        name: `death ${phase} "${step.name}"`,
        refuses: last,
        dies: { step: step.name, phase },
      })),
    ),
  ]
}

/**
 * Runs a saga once for everything that can go wrong in it: each step twice, a worker's death at each moment, a refusal by each step, a
 * death at each moment of taking back. Expects that each case ends as it should, and that nothing is left over.
 * The cloud must have no workers for sagas of its own.
 */
export async function verifySaga(cloud: TestCloud, definition: SagaDefinition, scenario: SagaScenario): Promise<void> {
  const cases = casesOf(definition)
  const plans = new Map<string, Case>()
  const sagas = [...scenario.sagas.filter((one) => one.kind !== definition.kind), troubled(definition, plans)]
  const prepared = await withWorkers(cloud.ctx, sagas, plans, () => Promise.all(cases.map(async () => scenario.prepare?.())))
  for (const [index, one] of cases.entries()) plans.set(await scenario.start(prepared[index]), one)
  await withWorkers(cloud.ctx, sagas, plans, async () => {
    for (const [subject, one] of plans) {
      const outcome = one.refuses ? 'undone' : 'done'
      await until(async () => (await outcomeOf(cloud.ctx, definition, subject)) === outcome, {
        what: `${definition.kind} to be ${outcome} after ${one.name}`,
        timeoutMs: 30_000,
      })
      await scenario.check?.(subject, outcome)
    }
    await Promise.all([...plans.keys()].map((subject) => scenario.cleanUp(subject)))
  })
  expect(await scenario.leftovers()).toEqual([])
}

async function outcomeOf(ctx: Context, { kind }: SagaDefinition, subject: string): Promise<string | undefined> {
  const row = await ctx.db
    .selectFrom('kernel_sagas')
    .select('state')
    .where('subject', '=', subject)
    .where('kind', '=', kind)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.state
}

/** Workers enough for those among them that die, since a dead one's place is never free again. */
async function withWorkers<T>(
  base: Context,
  sagas: readonly SagaDefinition[],
  plans: ReadonlyMap<string, Case>,
  act: () => Promise<T>,
): Promise<T> {
  const dead = new Set<string>()
  const probe = async ({ subject, step, phase }: Moment) => {
    const dies = plans.get(subject)?.dies
    if (dies?.step !== step || dies.phase !== phase || dead.has(subject)) return
    dead.add(subject)
    await new Promise(() => {})
  }
  const engine: Engine = {
    registry: registryOf(sagas),
    roles: new Set(sagas.flatMap((one) => one.steps.map((step) => step.role))),
    takesReports: true,
    probe,
  }
  const ctx = { ...base, messaging: repeating(base.messaging, plans) }
  const workers = await Promise.all(Array.from({ length: 5 }, () => openWorker(ctx, engine)))
  try {
    return await act()
  } finally {
    // Those with a death among their work never end; what lives ends at once.
    await Promise.race([Promise.all(workers.map((worker) => worker.stop())), base.clock.sleep(200)])
  }
}

/** The saga with the refusals and repetitions that its cases ask for. */
function troubled(definition: SagaDefinition, plans: ReadonlyMap<string, Case>): SagaDefinition {
  const undone = new Set<string>()
  const twice = async (key: string, subject: string) => {
    if (!plans.get(subject)?.repeats || undone.has(`${subject} ${key}`)) return
    undone.add(`${subject} ${key}`)
    throw Object.assign(new Error('this transaction is undone once'), { code: '40001' })
  }
  const refused = new Set<string>()
  const refuse = (name: string, subject: string) => {
    if (plans.get(subject)?.refuses !== name || refused.has(subject)) return
    refused.add(subject)
    throw conflict(`"${name}" is refused.`)
  }
  const order = (key: string, inner: HostOrder<any>, refusing?: string): HostOrder<any> => ({
    ...inner,
    async prepare(ctx, tx, work) {
      if (refusing) refuse(refusing, work.subject)
      const prepared = await inner.prepare(ctx, tx, work)
      await twice(key, work.subject)
      return prepared
    },
  })
  const step = (one: Step<any>): Step<any> => {
    const { name } = one
    if (isOrder(one))
      return {
        ...one,
        order: order(`do ${name}`, one.order, name),
        ...(one.undoOrder && { undoOrder: order(`undo ${name}`, one.undoOrder) }),
      }
    if (isLong(one))
      return {
        ...one,
        async act(ctx, work, signal) {
          refuse(name, work.subject)
          const result = await one.act(ctx, work, signal)
          await twice(`do ${name}`, work.subject)
          return result
        },
        async undo(ctx, tx, work) {
          await one.undo?.(ctx, tx, work)
          await twice(`undo ${name}`, work.subject)
        },
      }
    return {
      ...one,
      async run(ctx, tx, work) {
        refuse(name, work.subject)
        const result = await one.run(ctx, tx, work)
        await twice(`do ${name}`, work.subject)
        return result
      },
      async undo(ctx, tx, work) {
        await one.undo?.(ctx, tx, work)
        await twice(`undo ${name}`, work.subject)
      },
    }
  }
  return { ...definition, steps: definition.steps.map(step) }
}

/** A queue that delivers what belongs to some cases twice. */
const repeating = (messaging: Messaging, plans: ReadonlyMap<string, Case>): Messaging => ({
  ...bound(messaging),
  async send(mailbox, message) {
    await messaging.send(mailbox, message)
    if (plans.get((message.body as { subject?: string }).subject ?? '')?.repeats)
      await messaging.send(mailbox, { ...message, id: `${message.id} again` })
  },
  receive: (mailbox, options, handle) =>
    messaging.receive(mailbox, options, async (message) => {
      await handle(message)
      await handle(message)
    }),
})

const bound = (messaging: Messaging): Messaging => ({
  ring: (role) => messaging.ring(role),
  listen: (roles, onRing) => messaging.listen(roles, onRing),
  send: (mailbox, message) => messaging.send(mailbox, message),
  receive: (mailbox, options, handle) => messaging.receive(mailbox, options, handle),
  healthy: () => messaging.healthy(),
  close: () => messaging.close(),
})
