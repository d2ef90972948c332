import '../tables.ts'
import { equalTo } from '../lists.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { Config } from './options.ts'

/** All options of a domain, one group of them, or one option. */
export interface Which {
  readonly domainId: string
  readonly group?: string | undefined
  readonly option?: string | undefined
}

const columns = ({ domainId, group, option }: Which) => ({ domain_id: domainId, group_name: group, option_name: option })

/** What a domain has set, secrets too. */
export async function configOf(ctx: Context, db: Db, which: Which): Promise<Config> {
  const rows = await equalTo(db.selectFrom('keystone_domain_options').selectAll(), columns(which)).execute()
  const config: Record<string, Record<string, unknown>> = {}
  for (const { group_name, option_name, sealed_value } of rows)
    (config[group_name] ??= {})[option_name] = JSON.parse(ctx.vault.open(sealed_value).toString())
  return config
}

/** Sets options; others stay. */
export async function setOptions(ctx: Context, tx: Tx, domainId: string, config: Config): Promise<void> {
  for (const [group, options] of Object.entries(config))
    for (const [option, value] of Object.entries(options)) {
      await deleteOptions(tx, { domainId, group, option })
      const sealed_value = ctx.vault.seal(JSON.stringify(value))
      await tx
        .insertInto('keystone_domain_options')
        .values({ domain_id: domainId, group_name: group, option_name: option, sealed_value })
        .execute()
    }
}

export async function deleteOptions(tx: Tx, { domainId, group, option }: Which): Promise<void> {
  let query = tx.deleteFrom('keystone_domain_options').where('domain_id', '=', domainId)
  if (group !== undefined) query = query.where('group_name', '=', group)
  if (option !== undefined) query = query.where('option_name', '=', option)
  await query.execute()
}
