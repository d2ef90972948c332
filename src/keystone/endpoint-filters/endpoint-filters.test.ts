import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'

const identity = '/identity/v3'
const path = `${identity}/OS-EP-FILTER`
const groupsPath = `${path}/endpoint_groups`

describe.each(databases)('endpoint filters on %s', (database) => {
  const cloud = useCloud(database, { controllers: 2 })
  const admin = () => cloud.as('admin')
  const projectId = () => cloud.projectId('demo')
  let [service, open, hidden] = ['', '', '']
  beforeAll(async () => {
    service = (await admin().post(`${identity}/services`, { service: { type: 'orchestration', name: 'heat' } })).body.service.id
    await admin().post(`${identity}/regions`, { region: { id: 'north' } })
    const endpointAt = async (name: 'public' | 'internal') => {
      const endpoint = { service_id: service, interface: name, url: `http://${name}`, region_id: 'north' }
      return (await admin().post(`${identity}/endpoints`, { endpoint })).body.endpoint.id as string
    }
    ;[open, hidden] = [await endpointAt('public'), await endpointAt('internal')]
  })
  const made = async (filters: object, more: object = {}) =>
    (await admin().post(groupsPath, { endpoint_group: { name: 'a group', filters, ...more } })).body.endpoint_group
  const idsIn = async (way: string, name: string) => (await admin().get(`${path}/${way}`)).body[name].map((one: any) => one.id)
  const seen = async (controller = 0): Promise<string[]> => {
    const { catalog } = (await cloud.as('demo', { controller }).get(`${identity}/auth/catalog`)).body
    return catalog.flatMap((entry: any) => entry.endpoints.map((one: any) => one.id)).toSorted()
  }

  test('a group is made, shown, listed by name, changed and deleted', async () => {
    const group = await made({ service_id: service, interface: 'public' }, { name: 'shown', description: 'what all see' })
    expect(group).toEqual({
      ...{ id: expect.any(String), name: 'shown', description: 'what all see', filters: { service_id: service, interface: 'public' } },
      links: { self: `${cloud.url}${groupsPath}/${group.id}` },
    })
    const one = `${groupsPath}/${group.id}`
    expect((await admin().get(one)).body.endpoint_group).toEqual(group)
    expect((await admin().get(`${groupsPath}?name=shown`)).body.endpoint_groups).toEqual([group])
    expect((await admin().get(`${groupsPath}?name=other`)).body.endpoint_groups).toEqual([])
    expect(await idsIn(`endpoint_groups/${group.id}/endpoints`, 'endpoints')).toEqual([open])
    const { body } = await admin().patch(one, { endpoint_group: { name: 'new', filters: { region_id: 'north' } } })
    expect(body.endpoint_group).toEqual({ ...group, name: 'new', filters: { region_id: 'north' } })
    expect((await idsIn(`endpoint_groups/${group.id}/endpoints`, 'endpoints')).toSorted()).toEqual([open, hidden].toSorted())
    expect((await admin().delete(one)).status).toBe(204)
    expect((await admin().get(one)).body.error.message).toBe(`Could not find endpoint group: ${group.id}.`)
  })

  test('a project that was given endpoints sees those in its catalog, on every controller, and others see all', async () => {
    const all = await seen()
    expect(all.length).toBeGreaterThan(2)
    const given = `${path}/projects/${projectId()}/endpoints/${hidden}`
    expect((await admin().get(given)).status).toBe(404)
    expect((await admin().put(given)).status).toBe(204)
    expect((await admin().put(given)).status).toBe(204)
    expect((await admin().get(given)).status).toBe(204)
    expect(await seen()).toEqual([hidden])
    await expect.poll(() => seen(1), { timeout: 1000 }).toEqual([hidden])
    const others = (await admin().get(`${identity}/auth/catalog`)).body.catalog.flatMap((entry: any) => entry.endpoints)
    expect(others).toHaveLength(all.length)

    const { id } = await made({ service_id: service })
    const inGroup = `${groupsPath}/${id}/projects/${projectId()}`
    expect((await admin().get(inGroup)).status).toBe(404)
    expect((await admin().put(inGroup)).status).toBe(204)
    expect((await admin().get(inGroup)).body).toEqual({
      project_endpoint_group: { endpoint_group_id: id, project_id: projectId(), links: { self: `${cloud.url}${inGroup}` } },
    })
    expect(await seen()).toEqual([open, hidden].toSorted())
    expect(await idsIn(`endpoint_groups/${id}/projects`, 'projects')).toEqual([projectId()])
    expect(await idsIn(`endpoints/${open}/projects`, 'projects')).toEqual([projectId()])
    expect(await idsIn(`projects/${projectId()}/endpoint_groups`, 'endpoint_groups')).toEqual([id])
    expect((await idsIn(`projects/${projectId()}/endpoints`, 'endpoints')).toSorted()).toEqual([open, hidden].toSorted())

    await admin().patch(`${groupsPath}/${id}`, { endpoint_group: { filters: { service_id: service, interface: 'public' } } })
    expect((await admin().delete(given)).status).toBe(204)
    expect((await admin().delete(given)).status).toBe(404)
    expect(await seen()).toEqual([open])
    expect((await admin().delete(inGroup)).status).toBe(204)
    expect((await admin().delete(inGroup)).status).toBe(404)
    expect(await seen()).toEqual(all)
    expect(await idsIn(`projects/${projectId()}/endpoints`, 'endpoints')).toEqual([])
  })

  test('what goes takes its associations along', async () => {
    const project = { name: 'short-lived', domain_id: 'default' }
    const { id } = (await admin().post(`${identity}/projects`, { project })).body.project
    const group = await made({ interface: 'admin' })
    await admin().put(`${path}/projects/${id}/endpoints/${open}`)
    await admin().put(`${groupsPath}/${group.id}/projects/${id}`)
    await admin().delete(`${identity}/projects/${id}`)
    expect(await idsIn(`endpoints/${open}/projects`, 'projects')).toEqual([])
    expect(await cloud.ctx.db.selectFrom('keystone_project_endpoints').selectAll().execute()).toEqual([])
    await admin().put(`${groupsPath}/${group.id}/projects/${projectId()}`)
    // Its only group has no endpoint in it: that is no choice.
    expect((await seen()).length).toBeGreaterThan(2)
    await admin().patch(`${groupsPath}/${group.id}`, { endpoint_group: { filters: { service_id: service, interface: 'internal' } } })
    expect(await seen()).toEqual([hidden])
    await admin().delete(`${groupsPath}/${group.id}`)
    expect((await seen()).length).toBeGreaterThan(2)
  })

  test('bad input is refused, and so is who is no admin', async () => {
    for (const group of [{ name: 'x' }, { filters: {} }, { name: 'x', filters: { url: 'y' } }, { name: 'x', filters: { interface: 'z' } }])
      expect([(await admin().post(groupsPath, { endpoint_group: group })).status, group]).toEqual([400, group])
    const { id } = await made({})
    for (const way of [groupsPath, `${groupsPath}/${id}`, `${path}/projects/${projectId()}/endpoints`])
      expect((await cloud.as('demo').get(way)).status).toBe(403)
    expect((await cloud.as('demo').put(`${path}/projects/${projectId()}/endpoints/${open}`)).status).toBe(403)
    for (const way of [
      `projects/nosuch/endpoints/${open}`,
      `projects/${projectId()}/endpoints/nosuch`,
      `endpoint_groups/nosuch/projects/${projectId()}`,
    ])
      expect((await admin().put(`${path}/${way}`)).status).toBe(404)
  })
})
