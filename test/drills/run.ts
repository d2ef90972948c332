import { parseArgs } from 'node:util'
import { inTurn } from '../../src/drill/choose.ts'
import { drill } from '../../src/drill/drill.ts'
import { embeddedTarget } from '../../src/drill/embedded-target.ts'
import { pace } from '../../src/drill/load.ts'
import { allKept, type Report } from '../../src/drill/report.ts'
import { scenarios } from '../../src/drill/scenarios/all.ts'
import { lacking, type Scenario } from '../../src/drill/scenarios/scenario.ts'
import { isClean, promisesText, rowsOf, tableOf } from '../../src/drill/table.ts'
import { systemClock, systemIds } from '../../src/kernel/clock.ts'
import { startEmbeddedCloud } from '../helpers/embedded-cloud.ts'
import { rabbitInstalled, startRabbit } from '../helpers/rabbitmq.ts'
import { withBroker } from './with-broker.ts'

// `npm run drill`: starts a fresh cloud, kills every kind of process of it under load, and counts what that did to its clients.

type MessagingName = 'postgres' | 'rabbitmq'

/** What falls in each round, in this order. Both controllers have their turn. */
const round = ['kill-controller', 'kill-agent', 'kill-controller', 'kill-mid-post', 'kill-queue', 'freeze-controller', 'kill-database']

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    messaging: { type: 'string' },
    only: { type: 'string' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) {
  console.log(
    'npm run drill -- [--seconds N] [--messaging postgres|rabbitmq] [--only TEXT] [--keep]\n\n--only does scenarios whose name has TEXT in it; --keep leaves the logs.\nWithout --messaging it runs for both, if RabbitMQ is installed. `skykeel drill --list` lists the scenarios.',
  )
  process.exit(0)
}

/** The scenarios of a round; with --only, those of all that it names. */
const wanted = (): readonly Scenario[] =>
  values.only === undefined
    ? round.map((name) => scenarios.find((one) => one.name === name)!)
    : scenarios.filter(({ name }) => name.includes(values.only!))

async function drillOn(messaging: MessagingName): Promise<Report> {
  const broker = messaging === 'rabbitmq' ? await startRabbit() : undefined
  try {
    const cloud = await startEmbeddedCloud(broker ? { messaging: broker.url } : {})
    try {
      const embedded = (await embeddedTarget({ clock: systemClock }, cloud.stateDir))!
      const target = broker ? withBroker(embedded, broker) : embedded
      const processes = await target.processes()
      const possible = wanted().filter((one) => lacking(one, target, processes) === undefined)
      if (possible.length === 0) throw new Error(`no scenario that this cloud can do has ${values.only} in its name`)
      const leastMs = Number(values.seconds) * 1000
      // Whole rounds only, so that every kind of blow falls equally often.
      const next = (struck: number, elapsedMs: number) =>
        struck > 0 && struck % possible.length === 0 && elapsedMs >= leastMs ? undefined : possible[struck % possible.length]
      const ctx = { clock: systemClock, ids: systemIds, signal: new AbortController().signal, say: (line: string) => console.log(line) }
      return await drill(ctx, { target, budgetMs: 30_000, plan: { scenario: 'round', seed: 0, choose: inTurn(), next } })
    } finally {
      if (values.keep) console.log(`kept: ${cloud.stateDir}`)
      await (values.keep ? cloud.stop() : cloud.down())
    }
  } finally {
    await broker?.stop()
  }
}

const drivers: MessagingName[] = values.messaging
  ? [values.messaging as MessagingName]
  : ['postgres', ...(rabbitInstalled ? (['rabbitmq'] as const) : [])]
let passed = 0
let failed = 0
for (const messaging of drivers) {
  console.log(
    `\nDrill with the queue on ${messaging}: ${pace.servers} servers and ${pace.others} others a second come and go, ${pace.reads} reads, no retries by clients.`,
  )
  try {
    const report = await drillOn(messaging)
    const rows = rowsOf(report)
    console.log(`\n${tableOf(rows)}\n\n${promisesText(report)}\n`)
    for (const line of [...report.orphans, ...report.notes]) console.log(`  ${line}`)
    // What no row shows, such as an orphan, is a failure too; and what a fault may cut off is none.
    const broken = allKept(report) ? 0 : Math.max(1, rows.filter((row) => !isClean(row)).length)
    passed += rows.length - broken
    failed += broken
  } catch (error) {
    console.log(`the drill itself fails: ${error instanceof Error ? error.stack : String(error)}`)
    failed++
  }
}
if (!rabbitInstalled && !values.messaging) {
  console.log('skipped: the drill with RabbitMQ (Debian: apt-get install rabbitmq-server)')
  if (process.env.SKYKEEL_TEST_ALL === '1') failed++
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)
