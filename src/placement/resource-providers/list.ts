import type { CloudContext } from '../../cloud/context.ts'
import { invalid } from '../../kernel/errors.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { unknownClasses, unknownTraits } from '../known.ts'
import { normalUuid } from '../patterns.ts'
import { readMemberOf, readResources, readTraits } from '../query-words.ts'
import type { ProviderRow } from '../tables.ts'
import type { ListProviders } from './schema.ts'
import { providersWhere } from './search.ts'

/** The providers that a query asks for. */
export async function listProviders(ctx: CloudContext, db: Db, query: ListProviders): Promise<ProviderRow[]> {
  const traits = readTraits(ctx, query.required ?? [])
  const resources = query.resources === undefined ? {} : readResources(query.resources)
  const aggregates = readMemberOf(ctx, query.member_of ?? [])
  const [noClass] = await unknownClasses(db, Object.keys(resources))
  if (noClass) throw invalid(`Invalid resource class in resources parameter: No such resource class ${noClass}.`)
  const noTraits = await unknownTraits(db, [...traits.required.flat(), ...traits.forbidden])
  if (noTraits.length > 0) throw invalid(`Invalid trait(s) in "required" parameter: No such trait(s): ${noTraits.join(', ')}.`)
  return providersWhere(db, {
    ...(query.name !== undefined && { name: query.name }),
    ...(query.uuid !== undefined && { id: normalUuid(query.uuid) }),
    ...(query.in_tree !== undefined && { inTreeOf: normalUuid(query.in_tree) }),
    resources,
    ...traits,
    ...aggregates,
  })
}
