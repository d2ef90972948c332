import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type RunningHaproxy, startHaproxy } from '../../../test/helpers/balancers.ts'
import { freePort } from '../../../test/helpers/free-port.ts'
import { has } from '../../../test/helpers/parts.ts'
import { until } from '../../../test/helpers/until.ts'
import { runProgram } from '../../kernel/run-program.ts'
import { checkScript } from './keepalived-check.ts'

/** What somebody says to HAProxy's checks: 200 or 503, nothing at all, or he does not even listen. */
type Word = 200 | 503 | 'frozen' | 'dead'

const servers: Server[] = []
const balancers: RunningHaproxy[] = []
afterEach(async () => {
  for (const balancer of balancers.splice(0)) await balancer.stop()
  for (const server of servers.splice(0)) await new Promise((resolve) => void server.close(resolve))
})

/** Somebody who says this, until he is told to say something else. */
async function somebody(
  name: string,
  host: string,
  first: Word,
): Promise<{ name: string; host: string; port: number; say(word: Word): void }> {
  let word = first
  const port = await freePort()
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => word !== 'frozen' && socket.end(`HTTP/1.0 ${word} whatever\r\ncontent-length: 0\r\n\r\n`))
  })
  if (first !== 'dead') {
    servers.push(server)
    await once(server.listen(port, host), 'listening')
  }
  return { name, host, port, say: (next) => (word = next) }
}

/** HAProxy on a machine where these things are so, once it has seen that they are. */
async function balancerWhere({ controller, others, witnesses = [200] }: { controller: Word; others: [Word, Word]; witnesses?: Word[] }) {
  const one = await somebody('c1', '127.0.0.1', controller)
  const peers = [await somebody('c2', '127.0.0.2', others[0]), await somebody('c3', '127.0.0.3', others[1])]
  const seen = await Promise.all(witnesses.map((word, index) => somebody(`w${index}`, '127.0.0.4', word)))
  const listen = { host: '127.0.0.1', port: await freePort() }
  const haproxy = await startHaproxy({ listen, controllers: [one], health: { peers, witnesses: seen } })
  balancers.push(haproxy)
  const sees = (backend: string, names: (string | false)[]) =>
    until(async () => (await haproxy.up(backend).catch(() => ['nobody'])).join() === names.filter(Boolean).join(), {
      what: `HAProxy to see who of the ${backend} is up`,
    })
  await sees('controllers', [controller === 200 && 'c1'])
  await sees('balancers', [others[0] === 200 && 'c2', others[1] === 200 && 'c3'])
  // A connection is enough.
  await sees(
    'witnesses',
    witnesses.map((word, index) => word !== 'dead' && `w${index}`),
  )
  return { haproxy, controller: one, peers }
}

/** Whether the check lets the balancer that tells how it is at this port have the address. */
async function mayHold(healthPort: number): Promise<boolean> {
  const began = performance.now()
  const { ok, output } = await runProgram(['/bin/bash', '-c', checkScript(healthPort)])
  // keepalived waits four seconds for it.
  expect(performance.now() - began).toBeLessThan(4000)
  expect(output).toBe('')
  return ok
}

describe.runIf(has('haproxy'))('a balancer', () => {
  test.each<[string, boolean, { controller: Word; others: [Word, Word]; witnesses?: Word[] }]>([
    ['serves', true, { controller: 200, others: ['dead', 'dead'] }],
    ['serves as the others do', true, { controller: 200, others: [200, 200] }],
    ['sees no controller, but another does', false, { controller: 503, others: ['frozen', 200] }],
    ['sees no controller, as nobody does', true, { controller: 503, others: [503, 'dead'] }],
    ['sees no controller, and the others are frozen', true, { controller: 503, others: ['frozen', 'frozen'] }],
    ['hears nobody', false, { controller: 200, others: ['dead', 'dead'], witnesses: ['dead', 'dead'] }],
    ['hears one voice, whatever it says', true, { controller: 200, others: ['dead', 'dead'], witnesses: ['dead', 'frozen'] }],
    ['has nobody to hear', true, { controller: 200, others: ['dead', 'dead'], witnesses: [] }],
  ])('that %s may hold the address: %s', async (_, may, where) => {
    const { haproxy } = await balancerWhere(where)
    expect(await mayHold(haproxy.healthPort)).toBe(may)
  })

  test('that is dead or frozen may not hold the address', async () => {
    expect(await mayHold(await freePort())).toBe(false)
    const { haproxy } = await balancerWhere({ controller: 200, others: [200, 200] })
    process.kill(haproxy.pid, 'SIGSTOP')
    expect(await mayHold(haproxy.healthPort)).toBe(false)
  })

  test('that was started before an upgrade, and does not know the question, may hold the address', async () => {
    const one = await somebody('c1', '127.0.0.1', 200)
    const haproxy = await startHaproxy({ listen: { host: '127.0.0.1', port: await freePort() }, controllers: [one] })
    balancers.push(haproxy)
    await until(() => haproxy.up('controllers'), { what: 'HAProxy to answer' })
    expect(await mayHold(haproxy.healthPort)).toBe(true)
  })

  test('may hold it through a moment in which it alone sees no controller', async () => {
    const { haproxy, controller, peers } = await balancerWhere({ controller: 503, others: [200, 503] })
    controller.say(200)
    expect(await mayHold(haproxy.healthPort)).toBe(true)
    controller.say(503)
    await until(async () => (await haproxy.up('controllers')).length === 0, { what: 'HAProxy to lose the controller' })
    peers[0]!.say(503)
    expect(await mayHold(haproxy.healthPort)).toBe(true)
  })
})
