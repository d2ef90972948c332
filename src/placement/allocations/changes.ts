import type { Change } from './charge.ts'
import type { Allocation } from './store.ts'
import type { Wish } from './wish.ts'

interface Sum {
  delta: number
  amounts: number[]
}

/** How the use of each inventory changes when these consumers, who hold `held`, get what they wish. Pure. */
export function changesOf(wishes: readonly Wish[], held: ReadonlyMap<string, readonly Allocation[]>): Change[] {
  const sums = new Map<string, Map<string, Sum>>()
  const sumOf = (providerId: string, resourceClass: string): Sum => {
    let byClass = sums.get(providerId)
    if (!byClass) sums.set(providerId, (byClass = new Map()))
    let sum = byClass.get(resourceClass)
    if (!sum) byClass.set(resourceClass, (sum = { delta: 0, amounts: [] }))
    return sum
  }
  for (const { consumerId, allocations } of wishes) {
    for (const { providerId, resources } of allocations) {
      for (const [resourceClass, amount] of Object.entries(resources)) {
        const sum = sumOf(providerId, resourceClass)
        sum.delta += amount
        sum.amounts.push(amount)
      }
    }
    for (const { providerId, resources } of held.get(consumerId) ?? []) {
      for (const [resourceClass, amount] of Object.entries(resources)) sumOf(providerId, resourceClass).delta -= amount
    }
  }
  return [...sums].flatMap(([providerId, byClass]) => [...byClass].map(([resourceClass, sum]) => ({ providerId, resourceClass, ...sum })))
}

/** The providers that these consumers hold something of, before or after. */
export const changedProviders = (wishes: readonly Wish[], held: ReadonlyMap<string, readonly Allocation[]>): string[] => {
  const all = [...wishes.flatMap((wish) => wish.allocations), ...[...held.values()].flat()]
  return [...new Set(all.map(({ providerId }) => providerId))].toSorted()
}
