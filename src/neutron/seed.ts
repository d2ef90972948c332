import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/sql/tables.ts'

/** Makes the networks that users of DevStack know, unless they are there. */
export async function seedNetworks(_ctx: Context, _tx: Tx, _seed: { adminProjectId: string; demoProjectId: string }): Promise<void> {}
