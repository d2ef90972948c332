import { request } from 'node:http'
import { StartupError } from '../config/startup-error.ts'
import type { LabStatus } from './lab-status.ts'
import type { Order } from './orders.ts'
import type { LabDir } from './places.ts'

/** What the lab in this directory says; undefined when none runs there. */
export async function askLab(dir: LabDir): Promise<LabStatus | undefined> {
  const answer = await talk(dir, 'GET').catch(() => undefined)
  return answer?.body as LabStatus | undefined
}

/** Has something done to the lab. Rejects with a StartupError that says why it could not be done. */
export async function orderLab(dir: LabDir, order: Order): Promise<void> {
  const answer = await talk(dir, 'POST', order).catch(() => {
    throw new StartupError(`No lab runs in ${dir.root}`, 'Start one with `skykeel lab up`.')
  })
  if (answer.status === 200) return
  const { message, hint } = answer.body as { message: string; hint: string }
  throw new StartupError(message, hint)
}

function talk({ control }: LabDir, method: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: control, method, agent: false }, (incoming) => {
      let text = ''
      incoming.setEncoding('utf8').on('data', (part: string) => (text += part))
      incoming.on('error', reject).on('end', () => resolve({ status: incoming.statusCode ?? 0, body: JSON.parse(text) }))
    })
    outgoing.on('error', reject)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
