import { parseArgs } from 'node:util'
import { rabbitInstalled } from '../helpers/rabbitmq.ts'
import { drill, type MessagingName } from './drill.ts'
import { keepsPromise, tableOf } from './verdict.ts'

// `npm run drill`: kills every kind of process of a real cloud under load, and counts what that did to its clients.

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
    'npm run drill -- [--seconds N] [--messaging postgres|rabbitmq] [--only TEXT] [--keep]\n\n--only strikes with faults whose name has TEXT in it; --keep leaves the logs.\nWithout --messaging it runs for both, if RabbitMQ is installed.',
  )
  process.exit(0)
}
const drivers: MessagingName[] = values.messaging
  ? [values.messaging as MessagingName]
  : ['postgres', ...(rabbitInstalled ? (['rabbitmq'] as const) : [])]
let passed = 0
let failed = 0
for (const messaging of drivers) {
  console.log(`\nDrill with the queue on ${messaging}: 5 creates and 5 deletes a second plus reads, no retries by clients.`)
  try {
    const rows = await drill({
      messaging,
      keep: values.keep,
      ...(values.only !== undefined && { only: values.only }),
      seconds: Number(values.seconds),
      say: (line) => console.log(line),
    })
    console.log(`\n${tableOf(rows)}\n`)
    passed += rows.filter(keepsPromise).length
    failed += rows.filter((row) => !keepsPromise(row)).length
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
