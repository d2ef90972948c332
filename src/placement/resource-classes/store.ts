import { isDuplicate } from '../../kernel/sql/failures.ts'
import type { Tx } from '../../kernel/sql/tables.ts'

/** Gives a custom class another name wherever it is used; false when the new name is taken, and then the transaction can not go on. */
export async function renameClass(tx: Tx, from: string, to: string): Promise<boolean> {
  try {
    await tx.updateTable('placement_resource_classes').set({ name: to }).where('name', '=', from).execute()
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
  await tx.updateTable('placement_inventories').set({ resource_class: to }).where('resource_class', '=', from).execute()
  await tx.updateTable('placement_allocations').set({ resource_class: to }).where('resource_class', '=', from).execute()
  return true
}
