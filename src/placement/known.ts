import type { Db } from '../kernel/sql/tables.ts'
import { customNames, isCustom } from './custom-names.ts'
import { isStandardClass } from './resource-classes/standard.ts'
import { isStandardTrait } from './traits/standard.ts'

/** Those of the names that are no resource class. */
export const unknownClasses = async (db: Db, names: readonly string[]): Promise<string[]> =>
  unknown(db, 'placement_resource_classes', isStandardClass, names)

/** Those of the names that are no trait. */
export const unknownTraits = async (db: Db, names: readonly string[]): Promise<string[]> =>
  unknown(db, 'placement_traits', isStandardTrait, names)

async function unknown(
  db: Db,
  table: 'placement_traits' | 'placement_resource_classes',
  isStandard: (name: string) => boolean,
  names: readonly string[],
) {
  const candidates = [...new Set(names)].filter((name) => !isStandard(name))
  const custom = new Set((await customNames(db, table, candidates.filter(isCustom))).map(({ name }) => name))
  return candidates.filter((name) => !custom.has(name)).toSorted()
}
