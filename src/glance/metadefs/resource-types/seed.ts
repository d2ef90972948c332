import { insertResourceType } from './store.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Tx } from '../../../kernel/sql/tables.ts'

const known = [
  'OS::Cinder::Volume',
  'OS::Glance::Image',
  'OS::Nova::Aggregate',
  'OS::Nova::Flavor',
  'OS::Nova::Server',
  'OS::Trove::Instance',
]

/** Makes the types of resources known that OpenStack's own definitions are for. Harmless when they are. */
export async function seedResourceTypes(ctx: Context, tx: Tx): Promise<void> {
  for (const name of known) await insertResourceType(ctx, tx, name)
}
