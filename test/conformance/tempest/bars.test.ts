import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbeddedCloud, type EmbeddedCloud } from '../../helpers/embedded-cloud.ts'
import { has } from '../../helpers/parts.ts'
import { runTempest, type Outcome } from './run-tempest.ts'

// The tests that OpenStack's own developers wrote for their cloud, as far as a real one passes them. One that is skipped has failed.

/** What tempest wants to see of security compliance. */
const strict = ['--lockout-failure-attempts', '2', '--lockout-duration', '5', '--unique-last-password-count', '2']

const listed = (list: string): string[] =>
  readFileSync(join(import.meta.dirname, `${list}.txt`), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))

describe.runIf(has('tempest'))('tempest finds an OpenStack', () => {
  let cloud: EmbeddedCloud
  beforeAll(async () => {
    cloud = await startEmbeddedCloud({ hosts: 1, settings: strict })
  }, 60_000)
  afterAll(() => cloud?.down())

  describe.each(['bar-identity', 'bar-identity-compliance', 'bar-image'])('in %s', (list) => {
    let outcomes: ReadonlyMap<string, Outcome>
    beforeAll(async () => {
      outcomes = await runTempest(cloud, listed(list))
    }, 600_000)

    test.each(listed(list))('%s', (name) => {
      expect(outcomes.get(name)).toEqual({ outcome: 'ok', why: '' })
    })
  })
})
