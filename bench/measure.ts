import { Agent, request } from 'node:http'

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!

export interface Target {
  readonly url: string
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** Requests a second that so many connections get from a target within `seconds`. Throws on any status but 200. */
export async function rateOf(target: Target, seconds: number, connections = 16): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const endMs = performance.now() + seconds * 1000
  let count = 0
  const started = performance.now()
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const outgoing = request(target.url, { method: target.method ?? 'GET', agent, headers: target.headers ?? {} }, (incoming) => {
        if (incoming.statusCode !== 200) reject(new Error(`${target.url} answers ${incoming.statusCode}`))
        incoming.resume().on('end', resolve).on('error', reject)
      })
      outgoing.on('error', reject).end(target.body)
    })
  const client = async () => {
    while (performance.now() < endMs) {
      await one()
      count++
    }
  }
  await Promise.all(Array.from({ length: connections }, client))
  agent.destroy()
  return (count * 1000) / (performance.now() - started)
}

/** Measures two targets in turn, several times, so that what disturbs the machine disturbs both. Returns the median ratio. */
export async function ratioOf(
  ours: Target,
  bare: Target,
  { rounds = 5, connections = 16 } = {},
): Promise<{ ratio: number; ours: number; bare: number }> {
  await rateOf(ours, 2, connections)
  await rateOf(bare, 1, connections)
  const pairs: [number, number][] = []
  for (let round = 0; round < rounds; round++) pairs.push([await rateOf(ours, 1.5, connections), await rateOf(bare, 1.5, connections)])
  return { ratio: median(pairs.map(([a, b]) => a / b)), ours: median(pairs.map(([a]) => a)), bare: median(pairs.map(([, b]) => b)) }
}

/** The median time of an act, in milliseconds. */
export async function timeOf(times: number, act: (turn: number) => Promise<unknown>): Promise<number> {
  const took: number[] = []
  for (let turn = 0; turn < times; turn++) {
    const started = performance.now()
    await act(turn)
    took.push(performance.now() - started)
  }
  return median(took)
}
