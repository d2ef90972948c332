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

  /** Puts a function in place of one of RabbitMQ's or Mnesia's; its clause is an abstract form of Erlang's. */
  const answers = (module: string, name: string, clause: string, arity = 0): string => {
    const forms = [
      `{attribute,1,module,${module}}`,
      `{attribute,1,export,[{${name},${arity}}]}`,
      `{function,1,${name},${arity},[${clause}]}`,
    ]
    return `(fun() -> {ok,M,Code} = compile:forms([${forms.join(',')}]), code:load_binary(M, "", Code) end)()`
  }
  const hangs = answers('rabbit_boot_state', 'get', '{clause,1,[],[],[{atom,1,booting}]}')
  const isOneOf = (nodes: number) => {
    const list = '{cons,1,{atom,1,n},'.repeat(nodes) + '{nil,1}' + '}'.repeat(nodes)
    return answers('mnesia', 'system_info', `{clause,1,[{var,1,'_'}],[],[${list}]}`, 1)
  }

  test('ends when its start hangs, unless it is alone in its cluster or has much to do', async () => {
    const works = 'spawn(fun() -> (fun Work() -> lists:seq(1, 1000), Work() end)() end)'
    const stories = [isOneOf(3), isOneOf(1), `${isOneOf(3)}, ${works}`]
    const ends = await Promise.all(stories.map((story) => nodeInWhich(`${story}, ${hangs}`, { forMs: 30_000 })))
    expect(ends).toEqual([1, 7, 7])
  })

  test('ends when the log of its queues has gone, even if another has taken its place', async () => {
    expect(await nodeInWhich(dies('ra_log_wal'))).toBe(1)
    expect(await nodeInWhich(`${dies('ra_log_wal')}, timer:sleep(50), register(ra_log_wal, spawn(fun() -> timer:sleep(60000) end))`)).toBe(
      1,
    )
  })
})
