import { Type } from 'typebox'
import { route } from '../../cloud/service.ts'
import { notFound } from '../../kernel/errors.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { projectRow } from '../projects/store.ts'
import { found } from '../refusals.ts'
import { assertKnown, configFor, defaults, isSecret, validConfig, type Config } from './options.ts'
import { configOf, deleteOptions, setOptions, type Which } from './store.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'

const Body = Type.Object({ config: Type.Record(Type.String(), Type.Unknown()) })

interface Params {
  readonly domain_id: string
  readonly group?: string
  readonly option?: string
}

/** What the path names: a domain that is there, a group and an option that domains may set. */
async function whichOf(db: Db, { domain_id, group, option }: Params): Promise<Which> {
  const row = await projectRow(db, domain_id)
  found(row?.is_domain ? row : undefined, 'domain', domain_id)
  assertKnown(group, option)
  return { domainId: domain_id, group, option }
}

function notSet({ domainId, group, option }: Which) {
  const what = option !== undefined ? `option ${option} in group ${group}` : group !== undefined ? `group ${group}` : 'any options'
  return notFound(`Could not find ${what} in domain configuration for domain ${domainId}.`)
}

const withoutSecrets = (config: Config): Config =>
  Object.fromEntries(
    Object.entries(config).map(([group, options]) => [
      group,
      Object.fromEntries(Object.entries(options).filter(([option]) => !isSecret(group, option))),
    ]),
  )

/** As much of a configuration as was asked for; a single option stands without its group. */
function shown(config: Config, { group, option }: Omit<Which, 'domainId'>): object {
  const visible = withoutSecrets(config)
  if (group === undefined) return { config: visible }
  return { config: option === undefined ? { [group]: visible[group] } : { [option]: visible[group]?.[option] } }
}

async function read(ctx: CloudContext, db: Db, params: Params) {
  const which = await whichOf(db, params)
  const config = await configOf(ctx, db, which)
  if (Object.keys(withoutSecrets(config)).length === 0) throw notSet(which)
  if (which.option !== undefined && isSecret(which.group!, which.option)) throw notSet(which)
  return ok(shown(config, which))
}

async function update(ctx: CloudContext, tx: Tx, params: Params, sent: Record<string, unknown>) {
  const which = await whichOf(tx, params)
  const config = params.group === undefined ? validConfig(sent) : configFor(sent, params.group, params.option)
  // An update is of what is there.
  if (params.group !== undefined && Object.keys(await configOf(ctx, tx, which)).length === 0) throw notSet(which)
  await setOptions(ctx, tx, which.domainId, config)
  return ok({ config: withoutSecrets(await configOf(ctx, tx, { domainId: which.domainId })) })
}

async function remove(ctx: CloudContext, tx: Tx, params: Params) {
  const which = await whichOf(tx, params)
  if (params.group !== undefined && Object.keys(await configOf(ctx, tx, which)).length === 0) throw notSet(which)
  await deleteOptions(tx, which)
  return noContent()
}

const rules = {
  get: 'identity:get_domain_config',
  create: 'identity:create_domain_config',
  update: 'identity:update_domain_config',
  delete: 'identity:delete_domain_config',
  defaults: 'identity:get_domain_config_default',
}

/** Reading, changing and removing one level of a domain's configuration. */
const level = (path: '' | '/:group' | '/:group/:option') => [
  route(`GET /v3/domains/:domain_id/config${path}`, { rule: rules.get, run: async (ctx, db, { params }) => read(ctx, db, params) }),
  route(`PATCH /v3/domains/:domain_id/config${path}`, {
    rule: rules.update,
    body: Body,
    run: async (ctx, tx, { params, body }) => update(ctx, tx, params, body.config),
  }),
  route(`DELETE /v3/domains/:domain_id/config${path}`, { rule: rules.delete, run: async (ctx, tx, { params }) => remove(ctx, tx, params) }),
]

/** What domains set for themselves, for backends that Skykeel does not have: kept, and read by nobody. */
export const domainConfigs = [
  route('GET /v3/domains/config/default', { rule: rules.defaults, run: async () => ok({ config: defaults }) }),
  route('GET /v3/domains/config/:group/default', {
    rule: rules.defaults,
    run: async (_ctx, _db, { params: { group } }) => {
      assertKnown(group)
      return ok(shown(defaults, { group }))
    },
  }),
  route('GET /v3/domains/config/:group/:option/default', {
    rule: rules.defaults,
    run: async (_ctx, _db, { params: { group, option } }) => {
      assertKnown(group, option)
      return ok(shown(defaults, { group, option }))
    },
  }),
  route('PUT /v3/domains/:domain_id/config', {
    rule: rules.create,
    body: Body,
    run: async (ctx, tx, { params, body: { config } }) => {
      const which = await whichOf(tx, params)
      const before = await configOf(ctx, tx, which)
      await deleteOptions(tx, which)
      await setOptions(ctx, tx, which.domainId, validConfig(config))
      const answer = { config: withoutSecrets(await configOf(ctx, tx, which)) }
      return Object.keys(before).length > 0 ? ok(answer) : created(answer)
    },
  }),
  ...level(''),
  ...level('/:group'),
  ...level('/:group/:option'),
]
