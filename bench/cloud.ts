import { password as cloudPassword, startEmbeddedCloud } from '../test/helpers/embedded-cloud.ts'
import { processTree } from '../test/helpers/process-tree.ts'
import { until } from '../test/helpers/until.ts'
import { median } from './measure.ts'
import { pssMbOf } from './memory.ts'
import { createActive, logIn, makeRoom } from './user.ts'
import type { Figure } from './figure.ts'

/** What a user of the whole embedded cloud feels: start, memory, and the time until a server is there. */
export async function cloud(): Promise<Figure[]> {
  const first = performance.now()
  const running = await startEmbeddedCloud()
  const firstMs = performance.now() - first
  try {
    const pssMb = await idlePssMb(running)
    const [admin, user] = [await logIn(running.url, 'admin', cloudPassword), await logIn(running.url, 'demo', cloudPassword)]
    const aServer = await makeRoom(admin, user)
    const single: number[] = []
    for (let i = 0; i < 30; i++) single.push((await createActive(user, aServer(`one-${i}`))).ms)
    const started = performance.now()
    let next = 0
    const client = async () => {
      while (next < 100) await createActive(user, aServer(`many-${next++}`))
    }
    await Promise.all(Array.from({ length: 8 }, client))
    const hundredMs = performance.now() - started
    await running.stop()
    const second = performance.now()
    await running.start()
    const secondMs = performance.now() - second
    return [
      { name: 'first start to READY', value: firstMs / 1000, unit: ' s', atMost: 5 },
      { name: 'second start to READY', value: secondMs / 1000, unit: ' s', atMost: 3 },
      {
        name: 'whole cloud idle',
        value: pssMb,
        unit: ' MiB',
        atMost: 450,
        note: 'PSS of supervisor, balancer, PostgreSQL, 2 controllers, agent',
      },
      {
        name: 'create to ACTIVE, one at a time, p50',
        value: median(single),
        unit: ' ms',
        atMost: 150,
        note: `1670 ms for OpenStack Zed: ${Math.round(1670 / median(single))} times`,
      },
      { name: '100 creates by 8 clients, all ACTIVE', value: hundredMs / 1000, unit: ' s', atMost: 10 },
    ]
  } finally {
    await running.down()
  }
}

async function idlePssMb(running: Awaited<ReturnType<typeof startEmbeddedCloud>>): Promise<number> {
  const supervisor = await running.pidOf('supervisor')
  const pss = () => {
    const pids = processTree(supervisor)
    return pids.reduce((sum, pid) => sum + pssMbOf(pid), 0)
  }
  // Idle means that it has stopped changing.
  let last = Infinity
  return until(
    () => {
      const now = pss()
      const settled = Math.abs(now - last) < 2
      last = now
      return settled ? now : undefined
    },
    { what: 'memory to settle', everyMs: 1000, timeoutMs: 30_000 },
  )
}
