import { invalid } from '../../kernel/errors.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { checkProject } from '../projects.ts'
import { isTrue } from '../schema-types.ts'
import { countedResources, type Limits, type QuotaResource } from './resources.ts'
import { limitsOf, setLimit, usageOf } from './store.ts'

type Wanted = Readonly<Record<string, number | string | boolean | undefined>>

/** Sets some limits of a project. Throws `invalid` for one below what is used, unless it is forced. */
export async function updateQuota(ctx: Context, tx: Tx, projectId: string, { force, ...wanted }: Wanted): Promise<Limits> {
  await checkProject(tx, projectId)
  const usage = await usageOf(tx, projectId)
  for (const resource of countedResources) {
    const limit = wanted[resource] === undefined ? -1 : limitFrom(resource, wanted[resource])
    if (limit >= 0 && limit < usage[resource] && !isTrue((force as boolean) ?? false)) {
      throw invalid(`Quota limit ${limit} for ${resource} must be greater than or equal to already used and reserved ${usage[resource]}.`)
    }
  }
  return setLimits(ctx, tx, projectId, wanted)
}

/** Sets some limits of a project or a class. */
export async function setLimits(ctx: Context, tx: Tx, owner: string, wanted: Wanted): Promise<Limits> {
  for (const [resource, value] of Object.entries(wanted))
    await setLimit(ctx, tx, owner, resource as QuotaResource, limitFrom(resource, value))
  return limitsOf(tx, owner)
}

// The schema checks the range of numbers, but not that of digits in text.
function limitFrom(resource: string, value: unknown): number {
  const limit = Number(value)
  if (limit < -1 || limit > 2_147_483_647) throw invalid(`Quota limit ${limit} for ${resource} must be in the range of -1 and 2147483647.`)
  return limit
}
