import { devstackFlavors } from './flavors/devstack.ts'
import { insertFlavor } from './flavors/store.ts'
import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/sql/tables.ts'

/** Puts in the flavors that DevStack users know. Safe to repeat; a flavor that exists stays as it is. */
export async function seedCompute(ctx: Context, tx: Tx): Promise<void> {
  for (const flavor of devstackFlavors) await insertFlavor(ctx, tx, flavor)
}
