import { invalid } from '../kernel/errors.ts'
import type { Db } from '../kernel/sql/tables.ts'
import { projectById } from '../keystone/contract.ts'

/** Refuses a project that there is not, with `invalid`. */
export async function checkProject(db: Db, id: string): Promise<void> {
  if (!(await projectById(db, id))) throw invalid(`Project ID ${id} is not a valid project.`)
}
