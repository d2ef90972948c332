import type { Balancer } from './balancer.ts'
import type { Chance } from './chance.ts'
import type { Life } from './stage.ts'
import type { World } from './world.ts'

const servers = '/compute/v2.1/servers'
const ports = '/networking/v2.0/ports'
const floatingIps = '/networking/v2.0/floatingips'

/** What clients know of each other's things. */
export interface Known {
  readonly servers: string[]
  readonly ports: string[]
  readonly floatingIps: string[]
}

export interface ClientParts {
  readonly life: Life
  readonly balancer: Balancer
  readonly chance: Chance
  readonly world: World
  readonly known: Known
}

/** Does a short script that chance writes: things are made, changed and deleted, some of them too soon, too often, or too many. */
export async function runClient(parts: ClientParts, steps: number): Promise<void> {
  for (let step = 1; step <= steps; step++) {
    await parts.chance.oneOf(acts)(parts, `${parts.life.name}-${step}`)
    if (parts.chance.happens(0.4)) await parts.life.clock.sleep(parts.chance.oneOf([50, 500, 4000]))
  }
}

type Act = (parts: ClientParts, name: string) => Promise<unknown>

const createServer: Act = async ({ life, balancer, chance, world, known }, name) => {
  const port = known.ports.length > 0 && chance.happens(0.3) ? chance.oneOf(known.ports) : undefined
  const count = !port && chance.happens(0.15) ? 2 : 1
  const { status, body } = await balancer.call(life, 'POST', servers, {
    server: {
      name,
      flavorRef: world.flavorId,
      imageRef: world.imageId,
      networks: [port ? { port } : { uuid: world.networkId }],
      ...(count > 1 && { min_count: count }),
    },
  })
  if (status === 202) known.servers.push(body.server.id as string)
}

const onServer =
  (...bodies: readonly object[]): Act =>
  async ({ life, balancer, chance, known }) => {
    if (known.servers.length === 0) return
    const id = chance.oneOf(known.servers)
    for (const body of bodies) {
      // Most who ask for it have waited until the server was ready for it.
      if (chance.happens(0.8)) await life.clock.sleep(1500)
      await balancer.call(life, 'POST', `${servers}/${id}/action`, body)
    }
  }

const remove =
  (collection: string, which: keyof Known): Act =>
  async ({ life, balancer, chance, known }) => {
    if (known[which].length > 0) await balancer.call(life, 'DELETE', `${collection}/${chance.oneOf(known[which])}`)
  }

const createPort: Act = async ({ life, balancer, world, known }, name) => {
  const { status, body } = await balancer.call(life, 'POST', ports, { port: { name, network_id: world.networkId } })
  if (status === 201) known.ports.push(body.port.id as string)
}

const createFloatingIp: Act = async ({ life, balancer, chance, world, known }, name) => {
  const port_id = known.ports.length > 0 && chance.happens(0.5) ? chance.oneOf(known.ports) : undefined
  const floatingip = { description: name, floating_network_id: world.externalId, ...(port_id && { port_id }) }
  const { status, body } = await balancer.call(life, 'POST', floatingIps, { floatingip })
  if (status === 201) known.floatingIps.push(body.floatingip.id as string)
}

const associate: Act = async ({ life, balancer, chance, known }) => {
  if (known.floatingIps.length === 0) return
  const port_id = known.ports.length > 0 && chance.happens(0.7) ? chance.oneOf(known.ports) : null
  await balancer.call(life, 'PUT', `${floatingIps}/${chance.oneOf(known.floatingIps)}`, { floatingip: { port_id } })
}

// What is here more than once happens more often.
const acts: readonly Act[] = [
  createServer,
  createServer,
  createServer,
  onServer({ 'os-stop': null }),
  onServer({ 'os-stop': null }, { 'os-start': null }),
  onServer({ reboot: { type: 'SOFT' } }),
  onServer({ reboot: { type: 'HARD' } }, { 'os-stop': null }),
  remove(servers, 'servers'),
  remove(servers, 'servers'),
  createPort,
  remove(ports, 'ports'),
  createFloatingIp,
  associate,
  remove(floatingIps, 'floatingIps'),
]
