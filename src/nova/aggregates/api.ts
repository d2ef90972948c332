import { action, actions, route } from '../../cloud/service.ts'
import type { CloudContext } from '../../cloud/context.ts'
import { ok } from '../../kernel/http/answer.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { addHost, aggregateFor, createAggregate, deleteAggregate, removeHost, setMetadata, updateAggregate } from './change.ts'
import { AddHost, CreateAggregate, RemoveHost, SetMetadata, UpdateAggregate } from './schema.ts'
import { listAggregates, type Aggregate } from './store.ts'
import { aggregateView, newAggregate } from './view.ts'

/** Changes an aggregate and answers what it has become. */
async function changed(ctx: CloudContext, tx: Tx, id: string, change: (seen: Aggregate) => Promise<void>) {
  await change(await aggregateFor(tx, id))
  return ok({ aggregate: aggregateView(await aggregateFor(tx, id), ctx.version) })
}

export const aggregates = [
  route('GET /v2.1/os-aggregates', {
    rule: 'os_compute_api:os-aggregates:index',
    run: async (ctx, db) => ok({ aggregates: (await listAggregates(db)).map((aggregate) => aggregateView(aggregate, ctx.version)) }),
  }),
  route('POST /v2.1/os-aggregates', {
    rule: 'os_compute_api:os-aggregates:create',
    body: CreateAggregate,
    run: async (ctx, tx, { body: { aggregate } }) => {
      const made = await createAggregate(ctx, tx, { name: aggregate.name, zone: aggregate.availability_zone ?? null })
      return ok({ aggregate: newAggregate(made, ctx.version) })
    },
  }),
  route('GET /v2.1/os-aggregates/:id', {
    rule: 'os_compute_api:os-aggregates:show',
    run: async (ctx, db, { params }) => ok({ aggregate: aggregateView(await aggregateFor(db, params.id), ctx.version) }),
  }),
  route('PUT /v2.1/os-aggregates/:id', {
    rule: 'os_compute_api:os-aggregates:update',
    body: UpdateAggregate,
    run: (ctx, tx, { params, body: { aggregate } }) =>
      changed(ctx, tx, params.id, (seen) => updateAggregate(ctx, tx, seen, { name: aggregate.name, zone: aggregate.availability_zone })),
  }),
  route('DELETE /v2.1/os-aggregates/:id', {
    rule: 'os_compute_api:os-aggregates:delete',
    run: async (ctx, tx, { params }) => {
      await deleteAggregate(ctx, tx, await aggregateFor(tx, params.id))
      return ok(undefined)
    },
  }),
  actions('POST /v2.1/os-aggregates/:id/action', {
    add_host: action({
      rule: 'os_compute_api:os-aggregates:add_host',
      body: AddHost,
      run: (ctx, tx, { params, body }) => changed(ctx, tx, params.id, (seen) => addHost(ctx, tx, seen, body.add_host.host)),
    }),
    remove_host: action({
      rule: 'os_compute_api:os-aggregates:remove_host',
      body: RemoveHost,
      run: (ctx, tx, { params, body }) => changed(ctx, tx, params.id, (seen) => removeHost(ctx, tx, seen, body.remove_host.host)),
    }),
    set_metadata: action({
      rule: 'os_compute_api:os-aggregates:set_metadata',
      body: SetMetadata,
      run: (ctx, tx, { params, body }) => changed(ctx, tx, params.id, (seen) => setMetadata(ctx, tx, seen, body.set_metadata.metadata)),
    }),
  }),
]
