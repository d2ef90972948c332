import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { computeHosts, type ComputeHosts } from '../../../test/helpers/compute-hosts.ts'
import { aServer, isGone, leftovers, serverIn, serverParts, statusIs, type ServerParts } from '../../../test/helpers/servers.ts'
import { verifySaga, type SagaScenario } from '../../../test/helpers/verify-saga.ts'
import { controllerRoles } from '../../topology/services.ts'
import { openHostIntake } from '../hosts/intake.ts'
import { setLimit } from '../quotas/store.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { build } from './build.saga.ts'
import { remove } from './delete.saga.ts'
import { reboot, start, stop } from './power.saga.ts'
import { serverSagas } from './sagas.ts'

describe.each(databases)('work on servers on %s', (database) => {
  // Only APIs: the workers are the tests' own.
  const cloud = useCloud(database, { roles: controllerRoles.filter((role) => role.endsWith('-api')) })
  let hosts: ComputeHosts
  let parts: ServerParts
  let intake: { stop(): Promise<void> }
  beforeAll(async () => {
    intake = await openHostIntake(cloud.ctx)
    hosts = await computeHosts(cloud)
    parts = await serverParts(cloud)
    await transaction(cloud.ctx, 'no limits', async (tx) => {
      for (const resource of ['instances', 'cores', 'ram'] as const) await setLimit(cloud.ctx, tx, 'class:default', resource, -1)
    })
  })
  afterAll(async () => {
    await hosts.stop()
    await intake.stop()
  })

  const scenario = (act: (id: string) => Promise<unknown>): SagaScenario => ({
    sagas: serverSagas,
    prepare: () => serverIn(cloud, parts),
    async start(id) {
      await act(id!)
      return id!
    },
    async cleanUp(id) {
      await cloud.as('demo').delete(`/compute/v2.1/servers/${id}`)
      await isGone(cloud, id)
    },
    leftovers: () => leftovers(cloud),
  })

  test('a build survives everything, and leaves nothing', { timeout: 60_000 }, async () => {
    await verifySaga(cloud, build, {
      ...scenario(async () => {}),
      prepare: async () => '',
      start: async () => (await cloud.as('demo').post('/compute/v2.1/servers', aServer(parts))).body.server.id,
      check: async (id, outcome) => {
        const server = await statusIs(cloud, id, outcome === 'done' ? 'ACTIVE' : 'ERROR')
        if (outcome === 'undone') expect(server.fault).toMatchObject({ code: 500 })
      },
    })
  })

  test('a deletion survives everything, and leaves nothing', { timeout: 60_000 }, async () => {
    await verifySaga(
      cloud,
      remove,
      scenario((id) => cloud.as('demo').delete(`/compute/v2.1/servers/${id}`)),
    )
  })

  const action = (id: string, body: object) => cloud.as('demo').post(`/compute/v2.1/servers/${id}/action`, body)

  test('a stop survives everything, and leaves nothing', { timeout: 60_000 }, async () => {
    await verifySaga(cloud, stop, {
      ...scenario((id) => action(id, { 'os-stop': null })),
      check: async (id, outcome) => void (await statusIs(cloud, id, outcome === 'done' ? 'SHUTOFF' : 'ACTIVE')),
    })
  })

  test('a start survives everything, and leaves nothing', { timeout: 60_000 }, async () => {
    await verifySaga(cloud, start, {
      ...scenario((id) => action(id, { 'os-start': null })),
      async prepare() {
        const id = await serverIn(cloud, parts)
        await action(id, { 'os-stop': null })
        await statusIs(cloud, id, 'SHUTOFF')
        return id
      },
      check: async (id, outcome) => void (await statusIs(cloud, id, outcome === 'done' ? 'ACTIVE' : 'SHUTOFF')),
    })
  })

  test('a reboot survives everything, and leaves nothing', { timeout: 60_000 }, async () => {
    await verifySaga(cloud, reboot, {
      ...scenario((id) => action(id, { reboot: { type: 'HARD' } })),
      check: async (id) => void (await statusIs(cloud, id, 'ACTIVE')),
    })
  })
})
