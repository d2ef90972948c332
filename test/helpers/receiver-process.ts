import { openMessaging } from '../../src/kernel/messaging/open-messaging.ts'
import { systemClock, systemIds } from '../../src/kernel/clock.ts'
import { quietLog } from './quiet-log.ts'

// For tests: takes messages of a mailbox and never finishes with any, until it is killed.
const [url = '', mailbox = ''] = process.argv.slice(2)
const messaging = await openMessaging({ url, log: quietLog, clock: systemClock, ids: systemIds })
await messaging.receive(mailbox, { concurrency: 1 }, async ({ id }) => {
  process.stdout.write(`took ${id}\n`)
  await new Promise(() => {})
})
