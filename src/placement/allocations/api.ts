import { route } from '../../cloud/service.ts'
import { notFound } from '../../kernel/errors.ts'
import { noContent } from '../../kernel/http/answer.ts'
import { okFresh } from '../answers.ts'
import { assertUuid, normalUuid } from '../patterns.ts'
import { findProvider } from '../resource-providers/find.ts'
import { release } from './release.ts'
import { replaceAllocations } from './replace.ts'
import { AnyAllocations, ListedAllocations, ManyConsumers, OwnerlessAllocations, SomeAllocations } from './schema.ts'
import { consumerById, heldBy, heldOf } from './store.ts'
import { viewConsumer, viewProviderAllocations } from './view.ts'
import { listedWish, wishOf } from './wish.ts'

const put = 'PUT /allocations/:consumer_uuid'
const rule = 'placement:allocations:update'
const consumerOf = (uuid: string): string => assertUuid(uuid, `Malformed consumer_uuid: ${uuid.slice(0, 64)}`)

/** Who holds what. */
export const allocations = [
  route('GET /allocations/:consumer_uuid', {
    rule: 'placement:allocations:list',
    run: async (ctx, db, { params }) => {
      const id = normalUuid(params.consumer_uuid)
      const [consumer, held] = [await consumerById(db, id), await heldBy(db, id)]
      return okFresh(
        ctx,
        viewConsumer(ctx, consumer, held),
        held.map((row) => row.created_at),
      )
    },
  }),
  route(put, {
    rule,
    until: '1.7',
    body: OwnerlessAllocations,
    run: async (ctx, tx, { params, body }) => {
      await replaceAllocations(ctx, tx, [listedWish(consumerOf(params.consumer_uuid), body.allocations)])
      return noContent()
    },
  }),
  route(put, {
    rule,
    since: '1.8',
    until: '1.11',
    body: ListedAllocations,
    run: async (ctx, tx, { params, body }) => {
      await replaceAllocations(ctx, tx, [listedWish(consumerOf(params.consumer_uuid), body.allocations, body)])
      return noContent()
    },
  }),
  route(put, {
    rule,
    since: '1.12',
    until: '1.27',
    body: SomeAllocations,
    run: async (ctx, tx, { params, body }) => {
      await replaceAllocations(ctx, tx, [wishOf(consumerOf(params.consumer_uuid), body)])
      return noContent()
    },
  }),
  route(put, {
    rule,
    since: '1.28',
    body: AnyAllocations,
    run: async (ctx, tx, { params, body }) => {
      await replaceAllocations(ctx, tx, [wishOf(consumerOf(params.consumer_uuid), body)])
      return noContent()
    },
  }),
  route('POST /allocations', {
    rule: 'placement:allocations:manage',
    since: '1.13',
    body: ManyConsumers,
    run: async (ctx, tx, { body }) => {
      await replaceAllocations(
        ctx,
        tx,
        Object.entries(body).map(([uuid, wish]) => wishOf(consumerOf(uuid), wish)),
      )
      return noContent()
    },
  }),
  route('DELETE /allocations/:consumer_uuid', {
    rule: 'placement:allocations:delete',
    run: async (ctx, tx, { params }) => {
      const consumerId = normalUuid(params.consumer_uuid)
      if (!(await release(ctx, tx, { consumerId }))) throw notFound(`No allocations for consumer '${params.consumer_uuid.slice(0, 64)}'`)
      return noContent()
    },
  }),
  route('GET /resource_providers/:uuid/allocations', {
    rule: 'placement:resource_providers:allocations:list',
    run: async (ctx, db, { params }) => {
      const provider = await findProvider(db, params.uuid)
      const held = await heldOf(db, provider.id)
      return okFresh(
        ctx,
        viewProviderAllocations(ctx, provider.generation, held),
        held.map((row) => row.created_at),
      )
    },
  }),
]
