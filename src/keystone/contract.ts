import { stateOf } from './tokens/state.ts'
import { projectRow } from './projects/store.ts'
import type { Tokens } from '../cloud/service.ts'
import type { Db } from '../kernel/sql/tables.ts'

export type { Compliance } from './compliance/compliance.ts'
export { limitsOfProject } from './limits/store.ts'
export { rotateKeys } from './keys/rotate.ts'
export { keysStatus, type KeysStatus, secretFits } from './keys/status.ts'
export { subjectNamed, type NamedSubject } from './subject.ts'
export { hashSeedPasswords, seedIdentity, type IdentitySeed, type SeededIdentity } from './seed/seed.ts'

/** The check of tokens that all services share: local, and at most half a second behind the database. */
export const openTokens = (): Tokens => async (ctx, token) => (await stateOf(ctx, token))?.subject

/** What other services may know of a project. */
export interface ProjectBrief {
  readonly id: string
  readonly name: string
  readonly domainId: string
  readonly enabled: boolean
}

/** A project by its id; domains are none. */
export async function projectById(db: Db, id: string): Promise<ProjectBrief | undefined> {
  const row = await projectRow(db, id)
  return row && !row.is_domain ? { id: row.id, name: row.name, domainId: row.domain_id, enabled: row.enabled } : undefined
}
