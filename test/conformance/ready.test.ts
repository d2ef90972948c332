import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbeddedCloud, type EmbeddedCloud } from '../helpers/embedded-cloud.ts'
import { has } from '../helpers/parts.ts'
import { startRabbit, type PrivateRabbit } from '../helpers/rabbitmq.ts'

// A fresh RabbitMQ takes a second until it carries a host's first report: long enough to be READY too early.

describe.runIf(has('rabbitmq'))('a cloud that says READY', { timeout: 120_000 }, () => {
  let rabbit: PrivateRabbit
  let cloud: EmbeddedCloud
  beforeAll(async () => {
    rabbit = await startRabbit()
    cloud = await startEmbeddedCloud({ messaging: rabbit.url, hosts: 2 })
  }, 120_000)
  afterAll(async () => {
    await cloud?.down()
    await rabbit?.stop()
  })

  test('has hosts to build on', async () => {
    const { token } = await cloud.token('admin', 'admin')
    const answer = await fetch(`${cloud.url}/compute/v2.1/os-services?binary=nova-compute`, { headers: { 'x-auth-token': token } })
    const { services } = (await answer.json()) as { services: { host: string; state: string }[] }
    expect(services.map(({ host, state }) => [host, state])).toEqual([
      ['compute-1', 'up'],
      ['compute-2', 'up'],
    ])
  })
})
