import { conflict, invalid } from '../kernel/errors.ts'
import { changedMeanwhile } from './refusals.ts'
import type { RequestContext } from '../kernel/http/route.ts'

/** Refuses a change when the client's `If-Match: revision_number=7` names another revision than the resource has. */
export function assertRevision(ctx: RequestContext, { revision_number: current }: { readonly revision_number: number }): void {
  const header = ctx.request.headers['if-match']
  if (header === undefined) return
  const expected = /^"?revision_number=(\d{1,10})"?$/.exec(header.trim())?.[1]
  if (expected === undefined) throw invalid(`The If-Match header must have the form revision_number=<number>, not '${header.slice(0, 64)}'`)
  if (Number(expected) !== current) {
    throw conflict(`Constrained to ${expected}, but current revision is ${current}`, { type: 'RevisionNumberConstraintFailed' })
  }
}

/** Has the transaction run again when a compare-and-swap found another revision. */
export async function settled(changed: Promise<boolean>, what: string): Promise<void> {
  if (!(await changed)) throw changedMeanwhile(what)
}
