import { noContent, type Answer } from '../../../kernel/http/answer.ts'
import { clearDefinitions, removeDefinition } from './definitions.ts'
import type { CloudContext } from '../../../cloud/context.ts'
import type { Tx } from '../../../kernel/sql/tables.ts'
import type { Kind } from './kinds.ts'

type Handler<P> = (ctx: CloudContext, tx: Tx, input: { readonly params: P }) => Promise<Answer>

/** All of a kind that a namespace has goes. */
export const clears =
  (kind: Kind): Handler<{ readonly namespace: string }> =>
  async (ctx, tx, { params }) => {
    await clearDefinitions(ctx, tx, kind, params.namespace)
    return noContent()
  }

/** One of a kind goes. */
export const removes =
  (kind: Kind): Handler<{ readonly namespace: string; readonly name: string }> =>
  async (ctx, tx, { params }) => {
    await removeDefinition(ctx, tx, kind, params)
    return noContent()
  }
