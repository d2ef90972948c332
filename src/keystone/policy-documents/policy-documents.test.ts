import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const identity = '/identity/v3'
const path = `${identity}/policies`

describe.each(databases)('policies that others keep here on %s', (database) => {
  const cloud = useCloud(database)
  const admin = () => cloud.as('admin')
  const made = async (more: object = {}) =>
    (await admin().post(path, { policy: { blob: '{"rule": "role:member"}', type: 'application/json', ...more } })).body.policy

  test('one is made, shown, listed by type, changed and deleted', async () => {
    const policy = await made({ note: 'kept', type: 'text/plain' })
    expect(policy).toEqual({
      ...{ id: expect.any(String), blob: '{"rule": "role:member"}', type: 'text/plain', note: 'kept' },
      links: { self: `${cloud.url}${path}/${policy.id}` },
    })
    const one = `${path}/${policy.id}`
    expect((await admin().get(one)).body.policy).toEqual(policy)
    expect((await admin().get(`${path}?type=text/plain`)).body.policies).toEqual([policy])
    expect((await admin().get(`${path}?type=other`)).body.policies).toEqual([])
    const changed = (await admin().patch(one, { policy: { blob: { rule: ['role:reader'] }, note: 'new' } })).body.policy
    expect(changed).toEqual({ ...policy, blob: { rule: ['role:reader'] }, note: 'new' })
    expect((await admin().delete(one)).status).toBe(204)
    expect((await admin().get(one)).body.error.message).toBe(`Could not find policy: ${policy.id}.`)
    for (const body of [{ type: 'x' }, { blob: 'x' }, { blob: 1, type: 'x' }, { blob: 'x', type: '' }])
      expect([(await admin().post(path, { policy: body })).status, body]).toEqual([400, body])
  })

  test('nobody but admins may see or change them', async () => {
    const { id } = await made()
    for (const way of [path, `${path}/${id}`, `${path}/${id}/OS-ENDPOINT-POLICY/endpoints`])
      expect((await cloud.as('demo').get(way)).status).toBe(403)
    expect((await cloud.as('demo').post(path, { policy: { blob: 'x', type: 'x' } })).status).toBe(403)
    expect((await cloud.as('demo').delete(`${path}/${id}`)).status).toBe(403)
  })

  describe('are for endpoints', () => {
    let [service, near, far] = ['', '', '']
    const [around, inner] = ['around', 'inner']
    beforeAll(async () => {
      service = (await admin().post(`${identity}/services`, { service: { type: 'orchestration' } })).body.service.id
      await admin().post(`${identity}/regions`, { region: { id: around } })
      await admin().post(`${identity}/regions`, { region: { id: inner, parent_region_id: around } })
      const endpointIn = async (region_id: string | null) => {
        const endpoint = { service_id: service, interface: 'public', url: 'http://here', region_id }
        return (await admin().post(`${identity}/endpoints`, { endpoint })).body.endpoint.id as string
      }
      ;[near, far] = [await endpointIn(inner), await endpointIn(null)]
    })
    const of = (policyId: string, what: string) => `${path}/${policyId}/OS-ENDPOINT-POLICY/${what}`
    const policyFor = async (endpoint: string) => {
      const { status, body } = await admin().get(`${identity}/endpoints/${endpoint}/OS-ENDPOINT-POLICY/policy`)
      return status === 200 ? body.policy.id : body.error.message
    }
    const endpointsOf = async (policyId: string) =>
      (await admin().get(of(policyId, 'endpoints'))).body.endpoints.map((one: any) => one.id).toSorted()

    test('the nearest counts: an endpoint’s own, its service’s in the nearest region, its service’s', async () => {
      const [own, regional, general] = [await made(), await made(), await made()]
      expect(await policyFor(near)).toBe('Could not find policy association.')
      for (const [policy, what, expected] of [
        [general, `services/${service}`, [general.id, general.id]],
        [regional, `services/${service}/regions/${around}`, [regional.id, general.id]],
        [own, `endpoints/${near}`, [own.id, general.id]],
      ] as const) {
        expect((await admin().get(of(policy.id, what))).status).toBe(404)
        expect((await admin().put(of(policy.id, what))).status).toBe(204)
        expect((await admin().get(of(policy.id, what))).status).toBe(204)
        expect([await policyFor(near), await policyFor(far)]).toEqual(expected)
      }
      expect([await endpointsOf(own.id), await endpointsOf(regional.id), await endpointsOf(general.id)]).toEqual([[near], [], [far]])

      // Another one takes the place.
      expect((await admin().put(of(regional.id, `endpoints/${near}`))).status).toBe(204)
      expect((await admin().get(of(own.id, `endpoints/${near}`))).status).toBe(404)
      expect(await policyFor(near)).toBe(regional.id)
      expect((await admin().delete(of(own.id, `endpoints/${near}`))).status).toBe(404)
      expect((await admin().delete(of(regional.id, `endpoints/${near}`))).status).toBe(204)
      await admin().delete(`${path}/${regional.id}`)
      expect(await policyFor(near)).toBe(general.id)
    })

    test('what is not there is refused, and what goes takes its association along', async () => {
      const { id } = await made()
      for (const what of ['endpoints/nosuch', 'services/nosuch', `services/${service}/regions/nosuch`])
        expect((await admin().put(of(id, what))).status).toBe(404)
      expect((await admin().put(of('nosuch', `services/${service}`))).status).toBe(404)
      await admin().put(of(id, `endpoints/${near}`))
      await admin().put(of(id, `services/${service}`))
      await admin().delete(`${identity}/services/${service}`)
      expect(await endpointsOf(id)).toEqual([])
      expect(await cloud.ctx.db.selectFrom('keystone_policy_associations').selectAll().where('policy_id', '=', id).execute()).toEqual([])
    })
  })
})
