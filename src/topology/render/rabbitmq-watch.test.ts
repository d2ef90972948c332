import { execFile } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { has } from '../../../test/helpers/parts.ts'
import { watchCode } from './rabbitmq-watch.ts'

/** An Erlang with processes that are called as those of RabbitMQ are, in which then happens what is told. Resolves with its exit code: 7 when it lives on for so long. */
const nodeInWhich = (happens: string, { forMs = 20_000 } = {}): Promise<number> => {
  const standIn = (name: string) => `register(${name}, spawn(fun() -> timer:sleep(60000) end))`
  const all = ['ra_log_wal', 'mnesia_sup', 'rabbit_sup'].map(standIn).join(', ')
  const story = `${all}, timer:sleep(2500), ${happens}, timer:sleep(${forMs}), halt(7).`
  return new Promise((resolve) => {
    execFile('erl', ['-noinput', '-eval', watchCode, '-eval', story], { cwd: '/', timeout: 50_000 }, (error) =>
      resolve(Number(error?.code ?? 0)),
    )
  })
}
const dies = (name: string) => `exit(whereis(${name}), kill)`

test('the code that watches a node of RabbitMQ is one word for a shell', () => {
  expect(watchCode).not.toMatch(/[\s$"'`\\*?~&|]/)
})

describe.skipIf(!has('rabbitmq'))('a node of RabbitMQ', { timeout: 60_000 }, () => {
  test('goes on while all is well, and when it is asked to rest', async () => {
    expect(await nodeInWhich('ok', { forMs: 3000 })).toBe(7)
    expect(await nodeInWhich(`${dies('rabbit_sup')}, ${dies('ra_log_wal')}`, { forMs: 3000 })).toBe(7)
  })

  test('ends when its start hangs', async () => {
    const module = [
      '{attribute,1,module,rabbit_boot_state}',
      '{attribute,1,export,[{get,0}]}',
      '{function,1,get,0,[{clause,1,[],[],[{atom,1,booting}]}]}',
    ]
    const hangs = `{ok,M,Code} = compile:forms([${module.join(',')}]), code:load_binary(M, "", Code)`
    expect(await nodeInWhich(hangs, { forMs: 30_000 })).toBe(1)
  })

  test('ends when the log of its queues has gone, even if another has taken its place', async () => {
    expect(await nodeInWhich(dies('ra_log_wal'))).toBe(1)
    expect(await nodeInWhich(`${dies('ra_log_wal')}, timer:sleep(50), register(ra_log_wal, spawn(fun() -> timer:sleep(60000) end))`)).toBe(
      1,
    )
  })
})
