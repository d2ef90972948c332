import { describe, expect, test } from 'vitest'
import { topologies, topologyNames } from '../../../test/helpers/rendered-topologies.ts'
import { hostKey } from '../agents-door.ts'
import { secretOf } from '../secret-of.ts'
import type { Topology } from '../model.ts'
import type { RenderedFile } from '../unit.ts'
import { serviceOf } from './systemd.ts'
import { planMachine } from './machine.ts'

const rendering = { secretOf: secretOf('the secret of a cloud that is only tested') }
const plansOf = (topology: Topology) => topology.hosts.map(({ name }) => planMachine(topology, name, rendering))
const unitsOf = (topology: Topology, host: string) => planMachine(topology, host, rendering).units.map(({ name }) => name)
const textOf = (files: readonly RenderedFile[], end: string): string => files.find(({ path }) => path.endsWith(end))!.text

const purposes = [
  'database',
  'message queue',
  'cloud',
  'admin password',
  'erlang cookie',
  'patroni api',
  'postgresql superuser',
  'postgresql replication',
  'postgresql rewind',
]
const keyOf = (host: string) => hostKey(rendering.secretOf('cloud'), host)
const secrets = [...purposes.map(rendering.secretOf), ...['n1', 'n2'].map(keyOf)]

describe.each(topologyNames)('what is rendered for the hosts of %s', (name) => {
  const topology: Topology = topologies[name]
  const plans = plansOf(topology)

  test('is the same each time', () => {
    expect(plansOf(structuredClone(topology))).toEqual(plans)
  })

  test('has every file and every unit once', () => {
    for (const { files, units } of plans) {
      expect(new Set(files.map(({ path }) => path)).size).toBe(files.length)
      expect(new Set(units.map((unit) => unit.name)).size).toBe(units.length)
    }
  })

  test('shows a secret to its user alone, and on no command line', () => {
    for (const { files, units, install } of plans) {
      const holding = files.filter(({ text }) => secrets.some((secret) => text.includes(secret)))
      for (const { path, mode, owner } of holding) {
        expect(mode & 0o037, path).toBe(0)
        expect(owner, path).not.toBe(undefined)
      }
      for (const secret of secrets) {
        expect(JSON.stringify(units)).not.toContain(secret)
        expect(install).not.toContain(secret)
      }
    }
    expect(plans.flatMap(({ files }) => files).some(({ text }) => text.includes(secrets[0]!))).toBe(true)
  })

  test('binds nothing to all addresses', () => {
    for (const { path, text } of plans.flatMap(({ files }) => files)) expect(text, path).not.toMatch(/0\.0\.0\.0|\[::\]|\*:\d/)
  })

  test('keeps what the user can write apart from the rest', () => {
    for (const { units, files } of plans)
      for (const { user, folders } of units)
        for (const folder of folders) expect(files.filter(({ path, owner }) => path.startsWith(`${folder}/`) && owner !== user)).toEqual([])
  })
})

describe('a unit names the ports that its configuration opens:', () => {
  test.each([
    ['galera', topologies.galera, [3306, 4444, 4567, 4568, 9200]],
    ['rabbitmq', topologies.galera, [5672]],
    ['controller', topologies.galera, [7771]],
    ['haproxy', topologies.patroni, [443, 8405]],
    ['etcd', topologies.patroni, [2379, 2380]],
    ['patroni', topologies.patroni, [5432, 8008]],
  ] as const)('%s', (name, topology, opened) => {
    const { files, units } = planMachine(topology, 'c1', rendering)
    const own = files.filter(({ path }) => path.startsWith(`/etc/skykeel/${name}`))
    expect([...new Set(own.flatMap(({ text }) => listeningPorts(text)))].toSorted((a, b) => a - b)).toEqual(opened)
    expect(units.find((unit) => unit.name === name)!.ports.map(({ port }) => port)).toEqual(expect.arrayContaining([...opened]))
  })
})

// How the engines say where they listen.
const listening = [
  /^ {2}bind \S+:(\d+)/gm,
  /^"?port"?(?: =|:) (\d+)/gm,
  /listen(?:-client-urls|-peer-urls|_addr|ers\.tcp\.1)?(?: =|:|=)\s*'?\S*?:(\d+)(?:'|;|$)/gm,
  /ist\.recv_addr=\S*?:(\d+);/g,
  /sst_receive_address = \S+:(\d+)/g,
  /"checkPort": (\d+)/g,
]
const listeningPorts = (text: string): number[] => listening.flatMap((way) => [...text.matchAll(way)].map((found) => Number(found[1])))

describe('what a host runs', () => {
  test('follows from its roles', () => {
    expect(unitsOf(topologies.galera, 'c1')).toEqual(['galera', 'epmd', 'rabbitmq', 'controller', 'haproxy', 'keepalived'])
    expect(unitsOf(topologies.patroni, 'c3')).toEqual([
      'etcd',
      'patroni',
      'patroni-room',
      'epmd',
      'rabbitmq',
      'controller',
      'haproxy',
      'keepalived',
    ])
    expect(unitsOf(topologies.withoutBroker, 'c1')).toEqual(['etcd', 'patroni', 'patroni-room', 'controller', 'haproxy', 'keepalived'])
    expect(unitsOf(topologies.twoAndAVote, 'a1')).toEqual(['garbd'])
    expect(unitsOf(topologies.galera, 'n1')).toEqual(['nova-compute'])
    expect(unitsOf(topologies.apart, 'web')).toEqual(['controller', 'haproxy'])
    expect(unitsOf(topologies.apart, 'work')).toEqual(['etcd', 'controller'])
    expect(unitsOf(topologies.apart, 'data')).toEqual(['patroni', 'patroni-room'])
  })

  test('waits only for what is on it', () => {
    for (const { units } of topologyNames.flatMap((name) => plansOf(topologies[name]))) {
      const names = units.map(({ name }) => name)
      for (const [index, { after }] of units.entries()) expect(names.slice(0, index)).toEqual(expect.arrayContaining([...after]))
    }
  })

  test('is refused for a host that is not there', () => {
    expect(() => planMachine(topologies.galera, 'c9', rendering)).toThrow('the topology has no host c9')
  })
})

describe('a host for guests', () => {
  const { files } = planMachine(topologies.galera, 'n1', rendering)
  test('knows the queue, and neither the database nor the secret of the cloud', () => {
    const all = files.map(({ text }) => text).join('\n')
    expect(all).toContain(`amqp://skykeel:${rendering.secretOf('message queue')}@10.0.0.11,10.0.0.12,10.0.0.13`)
    for (const purpose of purposes.filter((one) => one !== 'message queue')) expect(all).not.toContain(rendering.secretOf(purpose))
  })

  test('knows where controllers are, and its own key but that of no other', () => {
    const text = textOf(files, 'nova-compute.yaml')
    expect(text).toContain('second_way: "http://10.0.0.11:7771,http://10.0.0.12:7771,http://10.0.0.13:7771"')
    expect(text).toContain(`host_keys: "${keyOf('n1')}"`)
    for (const host of topologies.galera.hosts.filter(({ name }) => name !== 'n1')) expect(text).not.toContain(keyOf(host.name))
  })

  test('has one way only where the queue is the database', () => {
    const host = topologies.withoutBroker.hosts.find(({ roles }) => roles.includes('nova-compute'))!
    const text = textOf(planMachine(topologies.withoutBroker, host.name, rendering).files, 'nova-compute.yaml')
    expect(text).toContain('messaging:')
    expect(text).not.toMatch(/second_way|host_keys/)
  })

  test('has a hypervisor of its own name', () => {
    expect(textOf(files, 'nova-compute.yaml')).toContain('host_names: "n1"')
  })
})

test('balancers differ in their priority and agree in all else that they share', () => {
  const configs = ['c1', 'c2', 'c3'].map((name) => textOf(planMachine(topologies.galera, name, rendering).files, 'keepalived.conf'))
  expect(new Set(configs.map((text) => /priority (\d+)/.exec(text)![1])).size).toBe(3)
  expect(new Set(configs.map((text) => /virtual_router_id (\d+)/.exec(text)![1])).size).toBe(1)
  for (const text of configs) expect(text.match(/^ {4}10\.0\.0\.1[123]$/gm)).toHaveLength(2)
})

test('PostgreSQL lets in its clients and nobody else', () => {
  const text = textOf(planMachine(topologies.patroni, 'c1', rendering).files, 'patroni.yaml')
  expect(text).toContain('host skykeel skykeel 10.0.0.11/32 scram-sha-256')
  expect(text).not.toContain('10.0.0.21')
  expect(textOf(planMachine(topologies.withoutBroker, 'c1', rendering).files, 'patroni.yaml')).toContain(
    'host skykeel skykeel 10.0.0.21/32',
  )
})

test('only one node of the queue makes the cluster', () => {
  const scripts = ['c1', 'c2', 'c3'].map((name) => textOf(planMachine(topologies.galera, name, rendering).files, 'first-boot'))
  expect(scripts.map((text) => text.includes('waits for nobody'))).toEqual([true, false, false])
})

test("RabbitMQ is refused on addresses that it can't use", () => {
  const hosts = topologies.galera.hosts.map((host, index) => ({ ...host, address: `fd00::${index + 1}` }))
  expect(() => planMachine({ ...topologies.galera, hosts }, 'c1', rendering)).toThrow("can't have the address fd00::1")
})

test('HAProxy is started again sooner than the look that would move the address; the others take their time', () => {
  const { units, files } = planMachine(topologies.galera, 'c1', rendering)
  const pauses = units.map(({ name }) => {
    const { text } = files.find(({ path }) => path.endsWith(`/${serviceOf(name)}`))!
    return [name, Number(/^RestartSec=(.+)$/m.exec(text)![1])]
  })
  expect(Object.fromEntries(pauses)).toMatchObject({ haproxy: 0.1, keepalived: 1, controller: 1, galera: 1 })
})
