import { invalid } from '../../kernel/errors.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { customNames } from '../custom-names.ts'
import type { ListTraits } from './schema.ts'
import { standardTraits } from './standard.ts'
import { associatedTraits } from './store.ts'

/** The names of the traits that a query asks for. */
export async function listTraits(db: Db, { name, associated }: ListTraits): Promise<string[]> {
  const wanted = nameFilter(name)
  if (associated !== undefined && !/^(true|false)$/i.test(associated))
    throw invalid('The query parameter "associated" only accepts "true" or "false"')
  const known = [...standardTraits, ...(await customNames(db, 'placement_traits')).map((custom) => custom.name)].filter(wanted)
  if (associated === undefined) return known
  const used = new Set(await associatedTraits(db))
  return known.filter((trait) => used.has(trait) === (associated.toLowerCase() === 'true'))
}

function nameFilter(name: string | undefined): (trait: string) => boolean {
  if (name === undefined) return () => true
  const colon = name.indexOf(':')
  const [operator, value] = [name.slice(0, colon), name.slice(colon + 1)]
  if (colon >= 0 && operator === 'in') {
    const names = new Set(value.split(','))
    return (trait) => names.has(trait)
  }
  if (colon >= 0 && operator === 'startswith') return (trait) => trait.startsWith(value)
  const form = 'Badly formatted name parameter. Expected name query string parameter in form: ?name=[in|startswith]:[name1,name2|prefix].'
  throw invalid(`${form} Got: "${name.slice(0, 255)}"`)
}
