import { enforce } from '../../../cloud/policy.ts'
import { forbidden, notFound } from '../../../kernel/errors.ts'
import { forbiddenWording } from '../../images/visible.ts'
import { namespaceByName } from './store.ts'
import type { CloudContext } from '../../../cloud/context.ts'
import type { Db } from '../../../kernel/sql/tables.ts'
import type { NamespaceRow } from '../../tables.ts'

/** What policy looks at in a namespace, and in all that is in it. */
export const targetOf = ({ owner, visibility }: NamespaceRow) => ({ project_id: owner, visibility })

/** glance has two sentences for a namespace that is not there; which one depends on the route. */
export const wasNotFound = (name: string): string => `Metadata definition namespace=${name} was not found.`
const notThere = (name: string): string => `Namespace ${name} not found`

/** The namespace, if the asker may do all this in it: `notFound` when they can't even see it, `forbidden` when they can. */
export async function namespaceFor(
  ctx: CloudContext,
  db: Db,
  name: string,
  { rules, missing = notThere }: { rules: readonly string[]; missing?: (name: string) => string },
): Promise<NamespaceRow> {
  const namespace = await namespaceByName(db, name)
  if (!namespace || !ctx.policy.allows(ctx.subject, 'get_metadef_namespace', targetOf(namespace))) throw notFound(missing(name))
  for (const rule of rules) enforce(ctx, rule, targetOf(namespace), forbiddenWording)
  return namespace
}

/** Refuses to delete `what`, when the namespace that it is or lives in is protected. */
export function assertUnprotected(namespace: NamespaceRow, what = `namespace ${namespace.namespace}`): void {
  if (namespace.protected) throw forbidden(`Metadata definition ${what} is protected and cannot be deleted.`)
}
