import { isAdmin, projectOf, type CloudContext } from '../../../cloud/context.ts'
import { enforce } from '../../../cloud/policy.ts'
import { invalid } from '../../../kernel/errors.ts'
import { forbiddenWording } from '../../images/visible.ts'
import { readPage } from '../page.ts'
import { associationsOf } from '../resource-types/store.ts'
import { searchNamespaces } from './store.ts'
import { namespaceFor, targetOf, wasNotFound } from './visible.ts'
import type { Db } from '../../../kernel/sql/tables.ts'
import type { AssociationRow, NamespaceRow } from '../../tables.ts'

export interface ListedNamespace {
  readonly namespace: NamespaceRow
  readonly associations: readonly AssociationRow[]
}

export interface NamespacePage {
  readonly namespaces: readonly ListedNamespace[]
  /** The name that the page after this one continues from. */
  readonly next: string | undefined
}

const habits = {
  sortKeys: ['namespace', 'display_name', 'visibility', 'owner', 'protected', 'created_at', 'updated_at', 'id'],
  defaultLimit: 25,
  leastLimit: 0,
}

/** One page of the namespaces that the asker may see, with the types of resources that they are for. */
export async function listNamespaces(ctx: CloudContext, db: Db): Promise<NamespacePage> {
  enforce(ctx, 'list_metadef_resource_types', undefined, forbiddenWording)
  const query = ctx.request.search
  const page = readPage(query, habits)
  const marked = page.marker === undefined ? undefined : await namespaceFor(ctx, db, page.marker, { rules: [], missing: wasNotFound })
  const found = await searchNamespaces(db, {
    projectId: isAdmin(ctx.subject) ? undefined : projectOf(ctx),
    visibility: readVisibility(query.get('visibility')),
    resourceTypes: query.get('resource_types')?.split(','),
    page,
    after: marked?.id,
  })
  const rows = found.slice(0, page.limit)
  const shown = rows.filter((row) => ctx.policy.allows(ctx.subject, 'get_metadef_namespace', targetOf(row)))
  const associations = Map.groupBy(
    await associationsOf(
      db,
      shown.map((row) => row.id),
    ),
    (association) => association.namespace_id,
  )
  const namespaces = shown.map((namespace) => ({ namespace, associations: associations.get(namespace.id) ?? [] }))
  return { namespaces, next: found.length > rows.length ? rows.at(-1)?.namespace : undefined }
}

function readVisibility(text: string | null): 'public' | 'private' | undefined {
  if (text === null || text === '') return undefined
  if (text !== 'public' && text !== 'private') throw invalid(`Invalid visibility value: ${text.slice(0, 64)}`)
  return text
}
