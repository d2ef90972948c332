import { fill } from './fill.ts'
import { median, quantile, timesOf } from './measure.ts'
import { logIn, type User } from './user.ts'
import { openWorld, password } from './world.ts'
import type { Figure } from './figure.ts'

const few = 100
const many = 10_000
const mostMs = 50

const zone = (number: number) => `'00000000-0000-4000-8000-00000000000${number}'`
const plain = 'resources=VCPU:2,MEMORY_MB:4096,DISK_GB:20'

// What a scheduler may ask for, each for the first hundred answers.
const queries = {
  'plain resources': plain,
  'a trait that one in a hundred has': `${plain}&required=HW_CPU_X86_SGX`,
  'a trait that nine in ten have is forbidden': `${plain}&required=!HW_CPU_X86_AVX2`,
  'one zone of three': `${plain}&member_of=${zone(1).slice(1, -1)}`,
  'two cards below a host': `${plain}&resources_A=SRIOV_NET_VF:1&resources_B=SRIOV_NET_VF:1&group_policy=isolate`,
  'a card beside a group of its own': `${plain}&resources_A=SRIOV_NET_VF:4&required_A=CUSTOM_FAST&group_policy=none`,
  'room that one host in a hundred has': 'resources=VCPU:2,MEMORY_MB:4096,DISK_GB:900',
  'room that no host has': 'resources=VCPU:2,MEMORY_MB:4096,DISK_GB:2000',
}

/** How long placement takes to say where there is room, among ten thousand providers. */
export async function providers(): Promise<Figure[]> {
  const world = await openWorld()
  try {
    const admin = await logIn(world.url, 'admin', password)
    await fill(world.postgres.url, rows(0, few))
    await askAll(admin, 5)
    const before = await askAll(admin, 40)
    await fill(world.postgres.url, rows(few, many))
    await askAll(admin, 5)
    const after = await askAll(admin, 100)
    return Object.keys(queries).map((name) => {
      const [p50, p99] = [median(after[name]!), quantile(after[name]!, 0.99)]
      const ratio = p50 / median(before[name]!)
      const note = `p99 ${p99.toFixed(1)} ms; ${ratio.toFixed(1)} times what it takes among ${few}`
      return { name: `${name}, p50`, value: p50, unit: ' ms', atMost: mostMs, note }
    })
  } finally {
    await world.close()
  }
}

/** The times of every query, in milliseconds; in turn, so that what disturbs the machine disturbs all. */
async function askAll(admin: User, times: number): Promise<Record<string, number[]>> {
  const took: Record<string, number[]> = Object.fromEntries(Object.keys(queries).map((name) => [name, []]))
  const latest = { 'openstack-api-version': 'placement 1.39' }
  for (let turn = 0; turn < times; turn++) {
    for (const [name, query] of Object.entries(queries)) {
      const ask = () => admin.call('GET', `/placement/allocation_candidates?${query}&limit=100`, undefined, latest)
      took[name]!.push(...(await timesOf(1, ask)))
    }
  }
  return took
}

/**
 * Providers from one number up to another. Each ten of them are seven hosts alone and one with two cards below it. Hosts are in a zone and a rack, have twenty
 * traits, and are filled to very different degrees.
 */
function rows(from: number, to: number): string[] {
  const id = (number: string) => `md5('provider ' || ${number})::uuid::text`
  const numbers = `generate_series(${from}, ${to - 1}) n`
  const isCard = 'n % 10 in (8, 9)'
  const stock = (resourceClass: string, capacity: string, used: string, where: string) => `
    insert into placement_inventories (provider_id, resource_class, total, reserved, min_unit, max_unit, step_size, allocation_ratio, capacity, used, updated_at)
    select ${id('n')}, '${resourceClass}', ${capacity}, 0, 1, ${capacity}, 1, 1, ${capacity}, ${used}, now() from ${numbers} where ${where}`
  const traits = (name: string, where: string) =>
    `insert into placement_provider_traits (provider_id, trait) select ${id('n')}, ${name} from ${numbers} where ${where}`
  const inAggregate = (aggregate: string) =>
    `insert into placement_provider_aggregates (provider_id, aggregate_id) select ${id('n')}, ${aggregate} from ${numbers} where not ${isCard}`
  return [
    `insert into placement_providers (id, name, generation, parent_id, root_id, shape, place, created_at, updated_at)
     select ${id('n')}, 'provider ' || n, 1, case when ${isCard} then ${id('n - n % 10')} end,
       case when ${isCard} then ${id('n - n % 10')} else ${id('n')} end, 0, n, now(), now() from ${numbers}`,
    stock('VCPU', '64', 'n * 7 % 65', `not ${isCard}`),
    stock('MEMORY_MB', '262144', 'n * 7 % 65 * 4096', `not ${isCard}`),
    stock('DISK_GB', '1000', 'case when n % 100 = 50 then 0 else 200 + n % 300 end', `not ${isCard}`),
    stock('SRIOV_NET_VF', '8', 'n % 5', isCard),
    "insert into placement_traits (name, uses, created_at) values ('CUSTOM_FAST', 1, now()) on conflict do nothing",
    traits("'CUSTOM_FAST'", 'n % 10 = 8'),
    traits("'HW_CPU_X86_SGX'", 'n % 100 = 20'),
    traits("'HW_CPU_X86_AVX2'", `n % 10 <> 3 and not ${isCard}`),
    `insert into placement_provider_traits (provider_id, trait)
     select ${id('n')}, 'COMPUTE_FEATURE_' || t from ${numbers}, generate_series(1, 18) t where not ${isCard}`,
    inAggregate(`'00000000-0000-4000-8000-00000000000' || n % 3`),
    inAggregate(`'00000000-0000-4000-8000-1' || lpad((n / 40)::text, 11, '0')`),
  ]
}
