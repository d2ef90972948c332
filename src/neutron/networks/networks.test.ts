import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const url = '/networking/v2.0/networks'

describe.each(databases)('networks on %s', (database) => {
  const cloud = useCloud(database)

  test('a member creates a network', async () => {
    const { status, body } = await cloud.as('demo').post(url, { network: { name: 'n', admin_state_up: 'true' } })
    expect(status).toBe(201)
    expect(body.network).toMatchObject({ name: 'n', status: 'ACTIVE', shared: false, mtu: 1450, subnets: [], tags: [], revision_number: 1 })
    expect(body.network).not.toHaveProperty('provider:network_type')
  })
})
