import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyTopology, aTopology, threeAndTwo } from '../../../test/helpers/any-topology.ts'
import type { HostRole, Topology } from '../model.ts'
import { analyse, type Break } from './breaks.ts'
import { capabilitiesOf } from './capabilities.ts'
import { deathsOf } from './deaths.ts'
import { type Instance, instancesOf, livingWithout } from './instances.ts'

const breakOf = (topology: Topology, subject: string): Break => {
  const found = analyse(topology).breaks.find((one) => one.subject === subject)
  if (!found) throw new Error(`${subject} is not among the deaths`)
  return found
}
const lostBy = (topology: Topology, subject: string): string[] => breakOf(topology, subject).lost.map(({ id }) => id)
const held = (topology: Topology, living: ReadonlySet<string>): string[] =>
  capabilitiesOf(topology)
    .filter(({ holds }) => holds(topology, living))
    .map(({ id }) => id)

const everything = ['api', 'orders', 'building', 'images']

describe('three controllers and two hypervisors', () => {
  const cloud = threeAndTwo()

  test('can do all, and lose any one host', () => {
    const { missing, tolerance } = analyse(cloud, [])
    expect(missing).toEqual([])
    expect(tolerance).toBe(1)
  })

  test('lose nothing with a controller, and then can lose no other', () => {
    expect(breakOf(cloud, 'c1')).toMatchObject({ lost: [], aboutSeconds: 10, toleranceLeft: 0 })
    expect(breakOf(cloud, 'c1/controller')).toMatchObject({ lost: [], aboutSeconds: 1 })
    expect(breakOf(cloud, 'c1/controller').consequences).toEqual([
      { program: 'controller', takenOver: true, sentence: expect.stringContaining('The other controllers') },
    ])
  })

  test('lose the majority with two of them, but their address still answers', () => {
    expect(lostBy(cloud, 'c1 + c2')).toEqual(['database', ...everything])
    expect(breakOf(cloud, 'c1 + c2')).toMatchObject({ aboutSeconds: undefined, toleranceLeft: undefined })
  })

  test('lose the guests of a hypervisor with it, and those alone', () => {
    expect(lostBy(cloud, 'n1')).toEqual(['agent:n1', 'guests:n1'])
    expect(lostBy(cloud, 'n1/nova-compute')).toEqual(['agent:n1'])
    expect(breakOf(cloud, 'n1').toleranceLeft).toBe(0)
    expect(breakOf(cloud, 'n1').consequences.map(({ program }) => program)).toEqual(['guests'])
    expect(breakOf(cloud, 'n1/nova-compute').consequences).toEqual([
      { program: 'nova-compute', takenOver: false, sentence: expect.stringContaining('Guests run on') },
    ])
  })

  test('build nothing without any hypervisor', () => {
    expect(lostBy(cloud, 'n1 + n2')).toEqual(['building', 'agent:n1', 'guests:n1', 'agent:n2', 'guests:n2'])
  })

  test('survive the loss of a rack', () => {
    expect(lostBy(cloud, 'rack-a')).toEqual(['agent:n1', 'guests:n1'])
  })
})

describe('what each engine can bear', () => {
  const base: readonly HostRole[] = ['controller', 'balancer']
  const with3 = (third: readonly HostRole[], more: Partial<Topology> = {}) =>
    aTopology({ c1: [...base, 'database'], c2: [...base, 'database'], c3: third, n1: ['nova-compute'] }, { queue: 'external', ...more })

  test('two nodes of Galera bear no death, with an arbitrator that of any one', () => {
    expect(lostBy(with3([]), 'c2')).toContain('database')
    for (const host of ['c1', 'c2', 'c3']) expect(lostBy(with3(['arbitrator']), host)).toEqual([])
    expect(lostBy(with3(['arbitrator']), 'c1 + c3')).toContain('database')
  })

  test('a majority of arbitrators without data is worth nothing', () => {
    const cloud = aTopology({ c1: [...base, 'database'], a1: ['arbitrator'], a2: ['arbitrator'] }, { queue: 'external' })
    expect(lostBy(cloud, 'c1/galera')).toContain('database')
  })

  test('Patroni bears the death of one member, since the other two may be all that have the last commit', () => {
    const cloud = threeAndTwo({ database: 'patroni' })
    expect(lostBy(cloud, 'c1')).toEqual([])
    expect(breakOf(cloud, 'c1').aboutSeconds).toBe(25)
    const five = aTopology(Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`c${n}`, [...base, 'database'] as const])), {
      database: 'patroni',
      queue: 'external',
    })
    expect(lostBy(five, 'c1')).toEqual([])
    expect(lostBy(five, 'c1 + c2')).toContain('database')
  })

  test('Patroni without a majority of etcd goes on, but promotes nobody', () => {
    const cloud = aTopology(
      { c1: [...base, 'database'], c2: [...base, 'database'], e1: ['etcd'] },
      { database: 'patroni', queue: 'external' },
    )
    expect(lostBy(cloud, 'e1')).toEqual([])
    expect(lostBy(cloud, 'c1')).toEqual([])
    expect(lostBy(cloud, 'c1 + e1')).toContain('database')
  })

  test('without a majority of brokers hosts fetch their orders from controllers, and nothing is lost', () => {
    const cloud = aTopology(
      { c1: [...base, 'message-queue'], c2: [...base, 'message-queue'], n1: ['nova-compute'] },
      { database: 'external' },
    )
    expect(lostBy(cloud, 'c1/rabbitmq')).toEqual([])
    const { consequences } = analyse(cloud, ['process']).breaks.find(({ subject }) => subject === 'c1/rabbitmq')!
    expect(consequences[0]!.sentence).toContain('hosts fetch their orders from controllers')
  })

  test('a queue in the database shares its fate', () => {
    const cloud = threeAndTwo({ database: 'patroni', queue: 'database' })
    expect(lostBy(cloud, 'c1')).toEqual([])
    expect(lostBy(cloud, 'c1 + c2')).toContain('orders')
  })

  test('one balancer answers at its own address only', () => {
    const one = (address: string) => aTopology({ c1: ['controller', 'balancer'] }, { address, database: 'external', queue: 'external' })
    expect(analyse(one('10.0.0.11')).missing.map(({ id }) => id)).toEqual(['building'])
    expect(analyse(one('10.0.0.10')).missing.map(({ id }) => id)).toContain('address')
  })

  test('a folder of images that is not shared must be the only one', () => {
    const images = { folder: '/srv/images', shared: false }
    expect(analyse(threeAndTwo({ images })).missing.map(({ id }) => id)).toEqual(['images'])
    const alone = aTopology({ c1: base, n1: ['nova-compute'] }, { images, address: '10.0.0.11', database: 'external', queue: 'external' })
    expect(lostBy(alone, 'c1/controller')).toContain('images')
  })

  test('a role that one host plays alone goes with it', () => {
    const cloud = threeAndTwo()
    const hosts = cloud.hosts.map((host) =>
      host.roles.includes('controller')
        ? {
            ...host,
            roles: [
              'balancer' as const,
              'database' as const,
              'message-queue' as const,
              ...(host.name === 'c1'
                ? ['controller' as const]
                : (['keystone-api', 'glance-api', 'placement-api', 'neutron-api', 'nova-api', 'nova-conductor'] as const)),
            ],
          }
        : host,
    )
    expect(lostBy({ ...cloud, hosts }, 'c1')).toEqual(['building'])
  })
})

describe('for any topology', () => {
  test('a capability survives in the analysis exactly when its predicate says so', () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        const instances = instancesOf(topology)
        const before = held(topology, livingWithout(instances, []))
        const { breaks } = analyse(topology)
        const deaths = deathsOf(topology)
        expect(breaks.map(({ subject }) => subject)).toEqual(deaths.map(({ subject }) => subject))
        for (const [index, { lost }] of breaks.entries()) {
          const after = held(topology, livingWithout(instances, deaths[index]!.dead))
          expect(lost.map(({ id }) => id)).toEqual(before.filter((id) => !after.includes(id)))
        }
      }),
      { numRuns: 100 },
    )
  })

  test('killing more never gives more', () => {
    const withDeaths = anyTopology.chain((topology) => {
      const instances = instancesOf(topology)
      return fc.tuple(fc.constant(topology), fc.subarray([...instances]), fc.subarray([...instances]))
    })
    fc.assert(
      fc.property(withDeaths, ([topology, some, others]) => {
        const instances = instancesOf(topology)
        const more = held(topology, livingWithout(instances, [...some, ...others]))
        const fewer = held(topology, livingWithout(instances, some))
        expect(more.filter((id) => !fewer.includes(id))).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('as many hosts as are tolerated may die whichever they are, and one more not, also after a first death', () => {
    fc.assert(
      fc.property(anyTopology, fc.nat(), (topology, which) => {
        const instances = instancesOf(topology)
        const shared = (living: ReadonlySet<string>) => held(topology, living).filter((id) => !id.includes(':')).length
        const whole = shared(livingWithout(instances, []))
        const worst = (dead: readonly Instance[]): number | undefined => {
          const fatal = subsetsOf(topology.hosts.map(({ name }) => name))
            .filter((names) => shared(livingWithout(instances, [...dead, ...instances.filter(({ host }) => names.includes(host))])) < whole)
            .map((names) => names.length)
          return fatal.length > 0 ? Math.min(...fatal) - 1 : undefined
        }
        const { tolerance, breaks } = analyse(topology)
        expect(tolerance).toBe(worst([]))
        const index = which % breaks.length
        const left = worst(deathsOf(topology)[index]!.dead)
        // Less than none means that this death alone took something away.
        expect(breaks[index]!.toleranceLeft).toBe(left === -1 ? undefined : left)
      }),
      { numRuns: 100 },
    )
  })
})

const subsetsOf = (names: readonly string[]): string[][] =>
  names.reduce<string[][]>((subsets, name) => subsets.flatMap((subset) => [subset, [...subset, name]]), [[]])
