import { forbidden, notFound } from '../../../kernel/errors.ts'
import { definitionIn, namespaceOf, type Found } from '../definitions/definitions.ts'
import { propertyKind } from '../definitions/kinds.ts'
import { associationOf } from '../resource-types/store.ts'
import type { CloudContext } from '../../../cloud/context.ts'
import type { Db } from '../../../kernel/sql/tables.ts'
import type { Definition } from '../definitions/store.ts'
import type { PropertyAttributes } from './schema.ts'

/** What a request says of a property, as it is kept. */
export function propertyOf({ name, ...content }: PropertyAttributes & { name: string }): Definition {
  for (const moment of ['created_at', 'updated_at']) if (moment in content) throw forbidden(`Attribute '${moment}' is read-only.`)
  return { name, content }
}

interface Wanted {
  readonly namespace: string
  readonly name: string
  readonly resourceType: string
}

/** The property that has this name on resources of a type: the name begins with that type's prefix. */
export async function propertyOnResources(ctx: CloudContext, db: Db, { namespace: place, name, resourceType }: Wanted): Promise<Found> {
  const namespace = await namespaceOf(ctx, db, propertyKind, place, [propertyKind.rules.show, 'get_metadef_resource_type'])
  const association = await associationOf(db, namespace.id, resourceType)
  if (!association) {
    const pair = `resource-type=${resourceType} to namespace=${place}`
    throw notFound(`The metadata definition resource-type association of ${pair}, was not found.`)
  }
  const { prefix } = association
  if (!prefix || !name.startsWith(prefix)) {
    const wanted = `the expected resource type association prefix of '${prefix ?? 'None'}'`
    throw notFound(`Property ${name} does not start with ${wanted}.`)
  }
  return { namespace, row: await definitionIn(db, propertyKind, namespace, name.slice(prefix.length)) }
}
