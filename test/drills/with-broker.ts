import type { PrivateRabbit } from '../helpers/rabbitmq.ts'
import type { Target } from '../../src/drill/target.ts'

const name = 'rabbitmq'

/** A cloud together with a broker that is not its own: what kills that one starts it again, as a machine's systemd would. */
export function withBroker(target: Target, broker: Pick<PrivateRabbit, 'pid' | 'kill9' | 'restart'>): Target {
  let state = 'running'
  const stop = async () => {
    state = 'stopped'
    await broker.kill9()
  }
  const start = async () => {
    await broker.restart()
    state = 'running'
  }
  const unless =
    (act: (name: string) => Promise<void>, own: () => Promise<void>) =>
    async (one: string): Promise<void> =>
      one === name ? own() : act(one)
  const never = async () => Promise.reject(new Error('only brokers are stopped and started here'))
  return {
    ...target,
    processes: async () => [...(await target.processes()), { name, kind: 'queue', host: 'localhost', pid: broker.pid, state }],
    kill: unless(target.kill, async () => {
      await stop()
      await start()
    }),
    stop: unless(never, stop),
    start: unless(never, start),
  }
}
