import { openAgent } from '../../src/agent/agent.ts'
import { openSimDriver } from '../../src/agent/drivers/sim.ts'
import { systemClock, systemIds } from '../../src/kernel/clock.ts'
import { openPostgresMessaging } from '../../src/kernel/messaging/postgres.ts'
import { quietLog } from './quiet-log.ts'

// An agent in a process of its own, to be killed by a test: url of the queue, state folder, host, how long a build takes.
const [url, stateDir, host, buildMs] = process.argv.slice(2) as [string, string, string, string]
const base = { log: quietLog, clock: systemClock, ids: systemIds }
const messaging = await openPostgresMessaging({ ...base, url })
const driver = await openSimDriver({
  clock: systemClock,
  stateDir,
  delaysMs: { build: Number(buildMs) },
  beforeAct: ({ verb }) => void process.stdout.write(`${verb}\n`),
})
await openAgent({
  ...base,
  messaging,
  name: 'killed',
  hosts: [{ name: host, resources: { vcpus: 8, memoryMb: 8192, diskGb: 100 } }],
  driver,
  stateDir,
})
