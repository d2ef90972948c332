import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { freePort } from '../../../test/helpers/free-port.ts'
import { runProgram } from '../../kernel/run-program.ts'
import { checkScript } from './keepalived-check.ts'

/** What a balancer says of itself: 200 sees a controller, 503 sees none, and frozen takes connections and says nothing. */
type Balancer = 200 | 503 | 'frozen' | 'dead'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => void server.close(resolve))
})

/** Listens as a balancer that says these things in turn, and the last one from then on. */
async function listen(address: string, port: number, ...says: Balancer[]): Promise<void> {
  if (says[0] === 'dead') return
  let asked = 0
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      const word = says[Math.min(asked++, says.length - 1)]
      if (word !== 'frozen') socket.end(`HTTP/1.0 ${word} whatever\r\n\r\n`)
    })
  })
  servers.push(server)
  await once(server.listen(port, address), 'listening')
}

/** Whether the check lets the balancer here have the address, when it and two others are like this. */
async function mayHold(
  here: Balancer | Balancer[],
  others: readonly [Balancer | Balancer[], Balancer],
  { witness }: { witness?: boolean } = {},
): Promise<boolean> {
  const [healthPort, witnessPort] = [await freePort(), await freePort()]
  const peers = ['127.0.0.2', '127.0.0.3']
  await listen('127.0.0.1', healthPort, ...[here].flat())
  for (const [index, address] of peers.entries()) await listen(address, healthPort, ...[others[index]!].flat())
  if (witness) await listen('127.0.0.3', witnessPort, 'frozen')
  const witnesses = witness === undefined ? [] : peers.map((address) => ({ address, port: witnessPort }))
  const began = performance.now()
  const { ok } = await runProgram(['/bin/bash', '-c', checkScript({ peers, witnesses, healthPort })])
  // keepalived waits four seconds for it.
  expect(performance.now() - began).toBeLessThan(4000)
  return ok
}

test.each<[string, boolean, Balancer, [Balancer, Balancer]]>([
  ['serves', true, 200, ['dead', 'dead']],
  ['serves as the others do', true, 200, [200, 200]],
  ['is dead', false, 'dead', ['dead', 'dead']],
  ['is frozen', false, 'frozen', ['frozen', 'frozen']],
  ['sees no controller, but another does', false, 503, ['frozen', 200]],
  ['sees no controller, as nobody does', true, 503, [503, 'dead']],
  ['sees no controller, and the others are frozen', true, 503, ['frozen', 'frozen']],
])('a balancer that %s may hold the address: %s', async (_, may, here, others) => {
  expect(await mayHold(here, others)).toBe(may)
})

test('a machine that hears nobody may not hold the address; one voice is enough', async () => {
  expect(await mayHold(200, ['dead', 'dead'], { witness: false })).toBe(false)
  expect(await mayHold(200, ['dead', 'dead'], { witness: true })).toBe(true)
})

test('a moment’s difference between balancers does not move the address', async () => {
  expect(await mayHold([503, 200], [200, 503])).toBe(true)
  expect(await mayHold(503, [[200, 503], 503])).toBe(true)
  expect(await mayHold(503, [[200, 200], 503])).toBe(false)
})
