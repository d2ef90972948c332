import { readAddress } from '../ipam/addresses.ts'
import { readPrefix } from '../prefixes.ts'
import { usableRange } from '../subnets/pools.ts'
import type { NetworkRow, SubnetRow } from '../tables.ts'
import type { Use } from './store.ts'

/** How many addresses a network has and uses, by subnet and in sum. Counts of IPv6 are as exact as JSON's numbers. */
export function availabilityView(network: NetworkRow, subnets: readonly SubnetRow[], uses: ReadonlyMap<string, Use>) {
  const parts = subnets.map((subnet) => ({ subnet, ...sizesOf(subnet), use: uses.get(subnet.id) ?? { all: 0, ofPools: 0 } }))
  const sum = (of: (part: (typeof parts)[number]) => number) => parts.reduce((total, part) => total + of(part), 0)
  return {
    network_id: network.id,
    network_name: network.name,
    project_id: network.project_id,
    tenant_id: network.project_id,
    total_ips: sum((part) => part.inPools),
    used_ips: sum((part) => part.use.all),
    ip_availability_details: details(
      sum((part) => part.inSubnet),
      sum((part) => part.inPools),
      { all: sum((part) => part.use.all), ofPools: sum((part) => part.use.ofPools) },
    ),
    subnet_ip_availability: parts.map(({ subnet, inSubnet, inPools, use }) => ({
      cidr: subnet.cidr,
      ip_version: subnet.ip_version,
      subnet_id: subnet.id,
      subnet_name: subnet.name,
      total_ips: inPools,
      used_ips: use.all,
      ip_availability_details: details(inSubnet, inPools, use),
    })),
  }
}

const details = (inSubnet: number, inPools: number, use: Use) => ({
  total_ips_in_subnet: inSubnet,
  total_ips_in_allocation_pool: inPools,
  used_ips_in_subnet: use.all,
  used_ips_in_allocation_pool: use.ofPools,
})

function sizesOf(subnet: SubnetRow): { inSubnet: number; inPools: number } {
  const usable = usableRange(readPrefix(subnet.cidr)!)
  const pools = subnet.allocation_pools_json.map(({ start, end }) => readAddress(end)!.value - readAddress(start)!.value + 1n)
  return { inSubnet: Number(usable.last - usable.first + 1n), inPools: Number(pools.reduce((total, size) => total + size, 0n)) }
}
