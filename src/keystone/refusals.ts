import { conflict, forbidden, notFound, type Fault } from '../kernel/errors.ts'
import { isDuplicate } from '../kernel/sql/failures.ts'

/** keystone's 404: `kind` is user, project, role, … */
export const couldNotFind = (kind: string, id: string): Fault => notFound(`Could not find ${kind}: ${id}.`)

/** What is found, or keystone's 404. */
export function found<R>(row: R | undefined, kind: string, id: string): R {
  if (!row) throw couldNotFind(kind, id)
  return row
}

/** keystone's 409. */
export const stored = (kind: string, why: string): Fault => conflict(`Conflict occurred attempting to store ${kind} - ${why}`)

export const nameTaken = (kind: string, { name, domainId }: { name: string; domainId: string }): Fault =>
  stored(kind, `Duplicate entry found with name ${name}${domainId === '' ? '' : ` at domain ID ${domainId}`}.`)

/** Runs the last write of a verb; a key that is taken makes it the refusal. */
export async function unlessTaken<T>(write: () => Promise<T>, refusal: () => Fault): Promise<T> {
  try {
    return await write()
  } catch (error) {
    throw isDuplicate(error) ? refusal() : error
  }
}

/** Someone changed the row between look and write: the transaction starts anew. */
export const changedMeanwhile = (): Error => Object.assign(new Error('changed meanwhile'), { code: '40001' })

interface Guarded {
  readonly id: string
  readonly options_json: Record<string, unknown>
}

/** Refuses to change or delete what its owner made immutable; `options` may make it mutable again. */
export function assertMutable(act: 'update' | 'delete', kind: string, row: Guarded, options?: Readonly<Record<string, unknown>>): void {
  const unlocks = options && 'immutable' in options && !options['immutable']
  if (row.options_json['immutable'] !== true || unlocks) return
  throw forbidden(`Unable to ${act} immutable ${kind} resource: \`${row.id}. Set resource option "immutable" to false first.`)
}
