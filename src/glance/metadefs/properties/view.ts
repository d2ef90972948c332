import type { DefinitionRow } from '../../tables.ts'

export const viewProperty = ({ name, content_json }: DefinitionRow) => ({ ...content_json, name })

/** Properties by their names; `prefix` goes before each name. */
export const viewProperties = (rows: readonly DefinitionRow[], prefix = '') =>
  Object.fromEntries(rows.map(({ name, content_json }) => [prefix + name, content_json]))
