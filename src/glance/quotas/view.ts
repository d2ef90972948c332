import { measures, quotaResources, type Amounts, type Usage } from './resources.ts'

/** What a project uses of what it has limits for, and the limits. */
export function viewUsage(limits: Amounts, usage: Usage): Record<string, { limit: number; usage: number }> {
  const limited = quotaResources.filter((resource) => limits[resource] !== undefined)
  return Object.fromEntries(limited.map((resource) => [resource, { limit: limits[resource]!, usage: measures[resource](usage) }]))
}
