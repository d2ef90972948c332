import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyTopology, aTopology, threeAndTwo } from '../../../test/helpers/any-topology.ts'
import type { HostRole, Topology } from '../model.ts'
import { analyse } from '../breaks/breaks.ts'
import { findingsOf, rules } from './check.ts'
import { severities } from './rule.ts'

const roles = (...names: HostRole[]): readonly HostRole[] => names
const own = { address: '10.0.0.11' }
const patroni = { database: 'patroni' } as const
const inZones = (...zones: readonly (string | undefined)[]): Topology => {
  const cloud = threeAndTwo()
  const hosts = cloud.hosts.map(({ name, address, roles, interface: nic }, index) => {
    const zone = zones[index]
    return { name, address, roles, interface: nic, ...(zone && { zone }) }
  })
  return { ...cloud, hosts }
}
const sound = threeAndTwo()

/** For each rule a topology that it finds something in, the subjects, and one that it finds nothing in. */
const cases: Record<string, { finds: Topology; subjects: readonly string[]; passes?: Topology }> = {
  'no-balancer': { finds: aTopology({ c1: roles('controller') }), subjects: ['10.0.0.10'] },
  'single-balancer': { finds: aTopology({ c1: roles('balancer') }, own), subjects: ['c1'] },
  'address-not-held': {
    finds: aTopology({ c1: roles('balancer') }),
    subjects: ['10.0.0.10'],
    passes: aTopology({ c1: roles('balancer') }, own),
  },
  'address-does-not-float': {
    finds: threeAndTwo({ address: '10.0.0.12' }),
    subjects: ['c2'],
    passes: aTopology({ c1: roles('balancer') }, own),
  },
  'clear-text-in-public': {
    finds: threeAndTwo({ address: '198.51.100.7' }),
    subjects: ['198.51.100.7'],
    passes: threeAndTwo({ address: '198.51.100.7', tls: { kind: 'files', certificate: '/x.pem' } }),
  },
  'role-missing': {
    finds: aTopology({ c1: roles('keystone-api', 'glance-api', 'placement-api', 'neutron-api', 'nova-api') }),
    subjects: ['nova-conductor and nova-scheduler'],
  },
  'single-controller': {
    finds: aTopology({ c1: roles('controller'), c2: roles('keystone-api', 'glance-api', 'placement-api', 'neutron-api', 'nova-api') }),
    subjects: ['c1'],
    passes: aTopology({ c1: roles('controller'), c2: roles('controller') }),
  },
  'images-not-shared': {
    finds: threeAndTwo({ images: { folder: '/srv/images', shared: false } }),
    subjects: ['/srv/images'],
    passes: aTopology({ c1: roles('controller') }, { images: { folder: '/srv/images', shared: false } }),
  },
  'images-on-one-host': {
    finds: aTopology({ c1: roles('controller') }, { images: { folder: '/srv/images', shared: false } }),
    subjects: ['c1'],
  },
  'shared-folder-not-judged': {
    finds: sound,
    subjects: ['/srv/images'],
    passes: threeAndTwo({ images: { folder: '/srv/images', shared: false } }),
  },
  'guests-beside-control': { finds: aTopology({ c1: roles('controller', 'nova-compute'), n1: roles('nova-compute') }), subjects: ['c1'] },
  'no-database': {
    finds: aTopology({ c1: roles('controller') }),
    subjects: ['galera'],
    passes: aTopology({ c1: roles('controller') }, { database: 'external' }),
  },
  'single-database': { finds: aTopology({ c1: roles('database'), a1: roles('arbitrator') }), subjects: ['c1'] },
  'galera-durability': { finds: sound, subjects: ['galera'], passes: threeAndTwo(patroni) },
  'no-broker': {
    finds: aTopology({ c1: roles('controller') }),
    subjects: ['rabbitmq'],
    passes: aTopology({ c1: roles('controller') }, { queue: 'external' }),
  },
  'queue-on-galera': {
    finds: threeAndTwo({ queue: 'database' }),
    subjects: ['queue'],
    passes: threeAndTwo({ ...patroni, queue: 'database' }),
  },
  'queue-on-external-database': {
    finds: threeAndTwo({ database: 'external', queue: 'database' }),
    subjects: ['queue'],
    passes: threeAndTwo({ ...patroni, queue: 'database' }),
  },
  'external-not-judged': { finds: threeAndTwo({ database: 'external', queue: 'external' }), subjects: ['database', 'queue'] },
  'single-broker': { finds: aTopology({ c1: roles('message-queue') }), subjects: ['RabbitMQ on c1'] },
  'single-etcd': {
    finds: aTopology({ c1: roles('database'), c2: roles('database'), e1: roles('etcd') }, patroni),
    subjects: ['etcd on e1'],
    passes: threeAndTwo(patroni),
  },
  'even-galera': {
    finds: aTopology({ c1: roles('database'), c2: roles('database') }),
    subjects: ['Galera on c1 and c2'],
    passes: aTopology({ c1: roles('database'), c2: roles('database'), a1: roles('arbitrator') }),
  },
  'even-etcd': {
    finds: aTopology({ c1: roles('database'), c2: roles('database') }, patroni),
    subjects: ['etcd on c1 and c2'],
    passes: aTopology({ c1: roles('database', 'etcd'), c2: roles('database', 'etcd'), e1: roles('etcd') }, patroni),
  },
  'even-rabbitmq': {
    finds: aTopology({ c1: roles('message-queue'), c2: roles('message-queue'), c3: roles('message-queue'), c4: roles('message-queue') }),
    subjects: ['RabbitMQ on c1, c2, c3 and c4'],
  },
  'majority-in-one-zone': {
    finds: inZones('a', 'a', 'b', 'a', 'b'),
    subjects: ['a', 'a'],
    passes: inZones('a', 'b', 'c', 'a', 'a'),
  },
  'arbitrator-beside-data': {
    finds: aTopology({ c1: roles('database', 'arbitrator'), c2: roles('database') }),
    subjects: ['c1'],
    passes: aTopology({ c1: roles('database'), c2: roles('database'), a1: roles('arbitrator') }),
  },
  'etcd-beside-database': {
    finds: threeAndTwo(patroni),
    subjects: ['c1, c2 and c3'],
    passes: aTopology({ c1: roles('database'), e1: roles('etcd') }, patroni),
  },
  'no-compute': { finds: aTopology({ c1: roles('controller') }), subjects: ['nova-compute'] },
  'single-compute': { finds: aTopology({ n1: roles('nova-compute') }), subjects: ['n1'] },
  'all-in-one-zone': { finds: inZones('a', 'b', 'c', 'b', 'b'), subjects: ['b'], passes: inZones('a', 'b', 'c', 'a', 'b') },
  'zones-not-named': { finds: inZones('a', 'b', 'c', 'a'), subjects: ['n2'] },
  'one-zone': { finds: inZones(), subjects: ['zones'], passes: inZones('a', 'b', 'c', 'a') },
}

describe('the rules', () => {
  test('have a case each, and names of their own', () => {
    expect(Object.keys(cases).toSorted()).toEqual(rules.map(({ id }) => id).toSorted())
  })

  test.each(rules)('$id finds what it is for, and only that', ({ id, find }) => {
    const { finds, subjects, passes = sound } = cases[id]!
    expect(find(finds).map(({ subject }) => subject)).toEqual(subjects)
    expect(find(passes)).toEqual([])
  })

  test('find no error and no warning in a sound cloud, on either engine', () => {
    for (const topology of [sound, threeAndTwo(patroni), threeAndTwo({ ...patroni, queue: 'database' })])
      expect(findingsOf(topology).filter(({ severity }) => severity !== 'note')).toEqual([])
  })

  test('a cloud in one zone is told so once', () => {
    expect(findingsOf(inZones('a', 'a', 'a', 'a', 'a')).filter(({ subject }) => subject === 'a')).toEqual([
      expect.objectContaining({ rule: 'one-zone', breaks: 'The whole cloud is in one zone and dies with it.' }),
    ])
  })

  test('say one sentence each, for any topology, the worst first', () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        const findings = findingsOf(topology)
        for (const { breaks, fix, subject } of findings) {
          for (const sentence of [breaks, fix]) expect(sentence).toMatch(/^[A-Z0-9e][^]*[^.]\.$/)
          expect(subject).not.toBe('')
        }
        const order = findings.map(({ severity }) => severities.indexOf(severity))
        expect(order).toEqual(order.toSorted((a, b) => a - b))
      }),
      { numRuns: 100 },
    )
  })
})

describe('the rules and the analysis agree', () => {
  test('a cloud that tolerates no death of a host has an error or a warning', () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        const { tolerance, missing } = analyse(topology, [])
        if (tolerance === 0 || missing.length > 0)
          expect(findingsOf(topology).filter(({ severity }) => severity !== 'note')).not.toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
