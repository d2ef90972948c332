import { conflict } from '../../kernel/errors.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { assertRevision } from '../revision.ts'
import { refuseDefault } from './create.ts'
import { changeGroup, guardsPorts } from './store.ts'
import { noGroup, visibleGroup } from './visible.ts'

export interface GroupChanges {
  readonly name?: string
  readonly description?: string
  readonly stateful?: boolean
}

/** Renames or describes a group. The default group keeps its name; a group that guards ports stays (un)stateful. */
export async function updateGroup(ctx: CloudContext, tx: Tx, id: string, changes: GroupChanges): Promise<void> {
  const group = await visibleGroup(ctx, tx, id)
  assertRevision(ctx, group)
  if (changes.name !== undefined) refuseDefault(changes.name)
  if (changes.name !== undefined && group.default_of !== null) {
    throw conflict('Updating default security group not allowed.', { type: 'SecurityGroupCannotUpdateDefault' })
  }
  if (changes.stateful !== undefined && changes.stateful !== group.stateful && (await guardsPorts(tx, id))) {
    throw conflict(`Security Group ${id} in use.`, { type: 'SecurityGroupInUse' })
  }
  if (!(await changeGroup(ctx, tx, id, changes))) throw noGroup(id)
}
