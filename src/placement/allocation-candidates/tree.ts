import type { Inventory } from '../inventories/inventory.ts'

/** What is known of one class of a provider. */
export interface Stock extends Inventory {
  readonly capacity: number
  readonly used: number
}

/** A provider with all that a choice may depend on. */
export interface TreeProvider {
  readonly id: string
  readonly parentId: string | null
  readonly rootId: string
  readonly stocks: Readonly<Record<string, Stock>>
  readonly traits: readonly string[]
  readonly aggregates: readonly string[]
}

/** A tree of providers, and those of other trees that share what they have with it. */
export interface Tree {
  readonly root: TreeProvider
  readonly own: readonly TreeProvider[]
  readonly sharing: readonly TreeProvider[]
}

export const sharingTrait = 'MISC_SHARES_VIA_AGGREGATE'

/** Whether a provider has room for so much of a class, in one piece. */
export function hasRoom(provider: TreeProvider, resourceClass: string, amount: number): boolean {
  const stock = provider.stocks[resourceClass]
  if (!stock) return false
  return amount >= stock.minUnit && amount <= stock.maxUnit && amount % stock.stepSize === 0 && stock.used + amount <= stock.capacity
}

/** Whether one is the other, or above it. */
export function isAbove(tree: Tree, upper: string, lower: string): boolean {
  for (let at: string | null = lower; at !== null; at = tree.own.find((provider) => provider.id === at)?.parentId ?? null)
    if (at === upper) return true
  return false
}
