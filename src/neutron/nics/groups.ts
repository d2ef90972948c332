import { projectOf, type CloudContext } from '../../cloud/context.ts'
import { conflict, invalid } from '../../kernel/errors.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { groupsNamed } from './store.ts'

/** The ids of groups that are given by name or id; undefined when only the default group is meant, which may not exist yet. */
export async function resolveGroups(ctx: CloudContext, db: Db, wanted: readonly string[]): Promise<string[] | undefined> {
  const names = [...new Set(wanted)]
  if (names.every((name) => name === 'default')) return undefined
  const found = await groupsNamed(db, projectOf(ctx), names)
  return names.map((name) => {
    const byId = found.find((group) => group.id === name)
    const byName = found.filter((group) => group.name === name)
    if (!byId && byName.length > 1) {
      const message = `Multiple security_group matches found for name '${name}', use an ID to be more specific.`
      throw conflict(message, { type: 'NoUniqueMatch' })
    }
    const group = byId ?? byName[0]
    if (!group) throw invalid(`Security group ${name} not found.`)
    return group.id
  })
}
