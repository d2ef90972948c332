import { conflict, invalid } from '../../kernel/errors.ts'
import { addressAt, readAddress, type Address } from '../ipam/addresses.ts'
import { invalidInput } from '../refusals.ts'
import type { Range } from '../ipam/store.ts'
import type { Prefix } from '../prefixes.ts'
import type { AllocationPool } from '../tables.ts'

/** The addresses that ports can have: all but the network's own and, in IPv4, the broadcast address. */
export function usableRange(prefix: Prefix): Range {
  if (prefix.last - prefix.first <= 1n) return prefix
  return { first: prefix.first + 1n, last: prefix.version === 4 ? prefix.last - 1n : prefix.last }
}

/** What is given out unless pools are named: all usable addresses around the gateway. */
export function defaultPools(prefix: Prefix, gateway: Address | undefined): AllocationPool[] {
  const { first, last } = usableRange(prefix)
  const at = gateway && gateway.version === prefix.version && gateway.value >= first && gateway.value <= last ? gateway.value : undefined
  const ranges: Range[] =
    at === undefined
      ? [{ first, last }]
      : [
          { first, last: at - 1n },
          { first: at + 1n, last },
        ]
  return ranges.filter((range) => range.first <= range.last).map((range) => poolOf(range, prefix.version))
}

const poolOf = ({ first, last }: Range, version: 4 | 6): AllocationPool => ({
  start: addressAt(first, version).text,
  end: addressAt(last, version).text,
})

/** Pools as a client named them, sorted, or a refusal: they lie in the subnet, don't overlap, and leave the gateway out. */
export function checkedPools(pools: readonly AllocationPool[], prefix: Prefix, gateway: Address | undefined): AllocationPool[] {
  const ranges = pools.map((pool) => rangeOf(pool, prefix)).toSorted((one, other) => (one.first < other.first ? -1 : 1))
  const usable = usableRange(prefix)
  for (const [index, range] of ranges.entries()) {
    const shown = shownRange(range, prefix.version)
    if (range.first < usable.first || range.last > usable.last) {
      throw invalid(`The allocation pool ${shown} spans beyond the subnet cidr ${prefix.network}.`, { type: 'OutOfBoundsAllocationPool' })
    }
    const next = ranges[index + 1]
    if (next && next.first <= range.last) {
      const both = `${shown} ${shownRange(next, prefix.version)}`
      throw conflict(`Found overlapping allocation pools: ${both} for subnet ${prefix.network}.`, { type: 'OverlappingAllocationPools' })
    }
    assertOutside(range, gateway, prefix.version)
  }
  return ranges.map((range) => poolOf(range, prefix.version))
}

/** Refuses a gateway that lies in one of the pools. */
export function assertGatewayOutside(pools: readonly AllocationPool[], gateway: Address | undefined, prefix: Prefix): void {
  for (const pool of pools) assertOutside(rangeOf(pool, prefix), gateway, prefix.version)
}

function assertOutside(range: Range, gateway: Address | undefined, version: 4 | 6): void {
  if (!gateway || gateway.version !== version || gateway.value < range.first || gateway.value > range.last) return
  const message = `Gateway ip ${gateway.text} conflicts with allocation pool ${shownRange(range, version)}.`
  throw conflict(message, { type: 'GatewayConflictWithAllocationPools' })
}

function rangeOf({ start, end }: AllocationPool, prefix: Prefix): Range {
  const first = readAddress(start)
  const last = readAddress(end)
  if (!first || !last) throw invalidPool(start, end)
  for (const address of [first, last]) {
    if (address.version !== prefix.version)
      throw invalidInput(`allocation_pool '${address.text}' does not match the ip_version '${prefix.version}'`)
  }
  if (last.value < first.value) throw invalidPool(start, end)
  return { first: first.value, last: last.value }
}

const shownRange = ({ first, last }: Range, version: 4 | 6) => `${addressAt(first, version).text}-${addressAt(last, version).text}`
const invalidPool = (start: string, end: string) =>
  invalid(`The allocation pool ${start}-${end} is not valid.`, { type: 'InvalidAllocationPool' })
