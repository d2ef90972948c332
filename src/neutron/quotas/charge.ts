import { conflict } from '../../kernel/errors.ts'
import { atTheEnd } from '../../kernel/sql/transaction.ts'
import { addUsed, ensureUsage, type QuotaResource } from './store.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'

export interface Charge {
  readonly projectId: string
  readonly resource: QuotaResource
  /** How many; 1 unless said. */
  readonly amount?: number
}

/**
 * Takes from a project's quota at the end of the transaction that creates the thing. Refuses with OverQuota; holds on any number
 * of instances, because used and limit are compared by the very statement that adds.
 */
export async function chargeQuota(ctx: Context, tx: Tx, { projectId, resource, amount = 1 }: Charge): Promise<void> {
  if (amount <= 0 || projectId === '') return
  await atTheEnd(tx, rowOf({ projectId, resource }), async () => {
    if (!(await add(ctx, tx, { projectId, resource, amount })))
      throw conflict(`Quota exceeded for resources: ['${resource}'].`, { type: 'OverQuota' })
  })
}

async function add(ctx: Context, tx: Tx, usage: Parameters<typeof addUsed>[1]): Promise<boolean> {
  if (await addUsed(tx, usage)) return true
  // Either the project never used any of it, so that there is no row to add to, or it is over its limit.
  await ensureUsage(ctx, tx, usage)
  return addUsed(tx, usage)
}

const rowOf = ({ projectId, resource }: Charge): string => `neutron ${projectId} ${resource}`

/** Gives back what a deleted thing used, at the end of the transaction that deletes it. */
export async function releaseQuota(_ctx: Context, tx: Tx, { projectId, resource, amount = 1 }: Charge): Promise<void> {
  if (amount <= 0 || projectId === '') return
  await atTheEnd(tx, rowOf({ projectId, resource }), () => addUsed(tx, { projectId, resource, amount: -amount }))
}

/** Counts what a project gets without asking, such as its default security group: never refused. */
export async function countUse(ctx: Context, tx: Tx, { projectId, resource, amount = 1 }: Charge): Promise<void> {
  if (projectId === '') return
  await atTheEnd(tx, rowOf({ projectId, resource }), () => add(ctx, tx, { projectId, resource, amount, regardless: true }))
}
