import type { TypedUsage } from './store.ts'

/** Until 1.37: sums by resource class. */
export const viewSums = (usages: readonly TypedUsage[]): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const { resourceClass, used } of usages) sums[resourceClass] = (sums[resourceClass] ?? 0) + used
  return sums
}

/** Since 1.38: sums by type of consumer; with `together`, all under that one name. */
export function viewByType(
  usages: readonly TypedUsage[],
  consumers: ReadonlyMap<string | null, number>,
  together?: string,
): Record<string, Record<string, number>> {
  const view: Record<string, Record<string, number>> = {}
  for (const [type, count] of consumers) {
    const name = together ?? type ?? 'unknown'
    const sums = viewSums(usages.filter((usage) => usage.type === type))
    const group = (view[name] ??= { consumer_count: 0 })
    for (const [resourceClass, used] of Object.entries(sums)) group[resourceClass] = (group[resourceClass] ?? 0) + used
    group['consumer_count']! += count
  }
  return view
}
