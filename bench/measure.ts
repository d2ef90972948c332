import { Agent, request } from 'node:http'

/** The value that so large a share of them does not exceed: 0.99 for p99. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1]!

export const median = (values: readonly number[]): number => quantile(values, 0.5)

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

/** How long an act takes, in milliseconds. */
export async function durationOf(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await act()
  return performance.now() - started
}

/** How long an act took each time, in milliseconds. */
export async function timesOf(times: number, act: (turn: number) => Promise<unknown>): Promise<number[]> {
  const took: number[] = []
  for (let turn = 0; turn < times; turn++) took.push(await durationOf(() => act(turn)))
  return took
}

/** The median time of an act, in milliseconds. */
export const timeOf = async (times: number, act: (turn: number) => Promise<unknown>): Promise<number> => median(await timesOf(times, act))
