import { StartupError } from '../config/startup-error.ts'
import type { Caller } from './calls.ts'
import type { DrillContext } from './context.ts'
import { must, openSession, type Session } from './session.ts'
import { things } from './things.ts'
import { eventually } from '../kernel/eventually.ts'

/** Where a drill works: a project of its own, with a user, a wide network and quotas without limits. */
export interface Place {
  readonly projectId: string
  readonly networkId: string
  readonly flavorId: string
  readonly imageId: string
  /** The network of floating IPs; undefined when the cloud has none. */
  readonly outsideId: string | undefined
  readonly session: Session
}

export interface PlaceOptions {
  readonly asAdmin: Caller
  readonly authUrl: string
  readonly budgetMs: number
}

const network = '/networking/v2.0'

/** Makes it. Whatever fails throws a StartupError. */
export async function makePlace(ctx: DrillContext, { asAdmin, authUrl, budgetMs }: PlaceOptions): Promise<Place> {
  const name = `drill-${ctx.ids.hex().slice(0, 8)}`
  const password = ctx.ids.bytes(16).toString('base64url')
  const make = async (call: Caller, path: string, key: string, body: object): Promise<any> =>
    (await must(call, 'POST', path, { [key]: body }))[key]
  const project = await make(asAdmin, '/identity/v3/projects', 'project', { name, domain_id: 'default' })
  const user = await make(asAdmin, '/identity/v3/users', 'user', { name, domain_id: 'default', password })
  const { roles } = await must(asAdmin, 'GET', '/identity/v3/roles?name=member')
  await must(asAdmin, 'PUT', `/identity/v3/projects/${project.id}/users/${user.id}/roles/${roles[0].id}`)
  await must(asAdmin, 'PUT', `/compute/v2.1/os-quota-sets/${project.id}`, { quota_set: { instances: -1, cores: -1, ram: -1 } })
  const quota = { port: -1, security_group: -1, security_group_rule: -1, floatingip: -1 }
  await must(asAdmin, 'PUT', `${network}/quotas/${project.id}`, { quota })

  const session = await openSession(ctx, { authUrl, budgetMs, user: name, password, project: name })
  const { call } = session
  const inside = await make(call, `${network}/networks`, 'network', { name })
  const subnet = await make(call, `${network}/subnets`, 'subnet', { network_id: inside.id, ip_version: 4, cidr: '10.200.0.0/16' })
  const [outside] = (await must(call, 'GET', `${network}/networks?router:external=true`)).networks
  if (outside) {
    const router = await make(call, `${network}/routers`, 'router', { name, external_gateway_info: { network_id: outside.id } })
    await must(call, 'PUT', `${network}/routers/${router.id}/add_router_interface`, { subnet_id: subnet.id })
  }
  const [image] = (await must(call, 'GET', '/image/v2/images?status=active')).images
  const { flavors } = await must(call, 'GET', '/compute/v2.1/flavors')
  if (!image || flavors.length === 0)
    throw new StartupError('The cloud has no image or no flavor to build servers from', 'Make one of each.')
  const flavor = flavors.find((one: { name: string }) => one.name === 'm1.nano') ?? flavors[0]
  return { projectId: project.id, networkId: inside.id, flavorId: flavor.id, imageId: image.id, outsideId: outside?.id, session }
}

/** Removes a drill's project with everything in it. False when something could not be removed; then it is left as it is. */
export async function clearPlace(
  ctx: DrillContext,
  asAdmin: Caller,
  { projectId, session, clearMs = 60_000 }: Place & { clearMs?: number | undefined },
): Promise<boolean> {
  const all = async (collection: string, many: string) =>
    ((await asAdmin('GET', `${collection}?project_id=${projectId}${many === 'servers' ? '&all_tenants=1' : ''}`)).body?.[many] ?? []) as {
      id: string
      name: string
    }[]
  const removeAll = async (collection: string, many: string) => {
    for (const { id } of await all(collection, many)) await asAdmin('DELETE', `${collection}/${id}`)
  }
  const { collection: servers, many } = things.server
  await removeAll(servers, many)
  await eventually({ clock: ctx.clock }, async () => (await all(servers, many)).length === 0, { timeoutMs: clearMs, everyMs: 200 })
  await removeAll(`${network}/floatingips`, 'floatingips')
  for (const { id } of await all(`${network}/routers`, 'routers')) {
    for (const subnet of await all(`${network}/subnets`, 'subnets'))
      await asAdmin('PUT', `${network}/routers/${id}/remove_router_interface`, { subnet_id: subnet.id })
    await asAdmin('DELETE', `${network}/routers/${id}`)
  }
  for (const kind of ['ports', 'networks', 'security-groups']) await removeAll(`${network}/${kind}`, kind.replace('-', '_'))
  session.close()
  const { name } = (await asAdmin('GET', `/identity/v3/projects/${projectId}`)).body?.project ?? {}
  const users = ((await asAdmin('GET', `/identity/v3/users?name=${name}`)).body?.users ?? []) as { id: string }[]
  for (const { id } of users) await asAdmin('DELETE', `/identity/v3/users/${id}`)
  return (await asAdmin('DELETE', `/identity/v3/projects/${projectId}`)).status === 204
}
