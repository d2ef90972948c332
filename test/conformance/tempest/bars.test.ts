import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbeddedCloud, type EmbeddedCloud } from '../../helpers/embedded-cloud.ts'
import { clientOf } from '../../helpers/client.ts'
import { has } from '../../helpers/parts.ts'
import { runTempest, type Outcome } from './run-tempest.ts'

// The tests that OpenStack's own developers wrote for their cloud, as far as a real one passes them. One that is skipped has failed.

/** What tempest wants to see of security compliance. */
const strict = ['--lockout-failure-attempts', '2', '--lockout-duration', '5', '--unique-last-password-count', '2']

const listed = (list: string): string[] =>
  readFileSync(join(import.meta.dirname, `${list}.txt`), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))

/** What tempest's tests of quotas ask for: limits that they may set anew for their project. */
async function registerImageLimits(cloud: EmbeddedCloud): Promise<void> {
  const { token } = await cloud.token('admin', 'admin')
  const identity = clientOf(
    () => `${cloud.url}/identity/v3`,
    async () => token,
  )
  const [{ id: service_id }] = (await identity.get('/services?type=image')).body.services
  const registered_limits = ['image_size_total', 'image_stage_total', 'image_count_total', 'image_count_uploading'].map(
    (resource_name) => ({
      ...{ service_id, region_id: 'RegionOne', resource_name, default_limit: 10 },
    }),
  )
  expect((await identity.post('/registered_limits', { registered_limits })).status).toBe(201)
}

describe.runIf(has('tempest'))('tempest finds an OpenStack', () => {
  let cloud: EmbeddedCloud
  beforeAll(async () => {
    cloud = await startEmbeddedCloud({ hosts: 1, settings: strict })
  }, 60_000)
  afterAll(() => cloud?.down())

  // Quotas are the last: from then on the cloud has limits.
  describe.each(['bar-identity', 'bar-identity-compliance', 'bar-image', 'image-quotas'])('in %s', (list) => {
    let outcomes: ReadonlyMap<string, Outcome>
    beforeAll(async () => {
      if (list === 'image-quotas') await registerImageLimits(cloud)
      outcomes = await runTempest(cloud, listed(list))
    }, 600_000)

    test.each(listed(list))('%s', (name) => {
      expect(outcomes.get(name)).toEqual({ outcome: 'ok', why: '' })
    })
  })
})
