import { Type } from 'typebox'
import { route } from '../../cloud/service.ts'
import { invalid } from '../../kernel/errors.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { extraChange, extraOf, given, is, partly } from '../attributes.ts'
import { collection, link, page } from '../lists.ts'
import { changed } from '../memory.ts'
import { found } from '../refusals.ts'
import { recordRevocation } from '../revocations/store.ts'
import { consumerById, deleteConsumer, insertConsumer, listConsumers, updateConsumer } from './store.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { ConsumerRow } from './tables.ts'

const ConsumerFields = partly({ description: is.textOrNull })
const Body = Type.Object({ consumer: ConsumerFields })
const Query = Type.Object(page)

const theConsumer = async (db: Db, id: string): Promise<ConsumerRow> => found(await consumerById(db, id), 'Consumer', id)

const view = (ctx: RequestContext) => (row: ConsumerRow) => ({
  ...row.extra_json,
  id: row.id,
  description: row.description,
  links: link(ctx, 'OS-OAUTH1/consumers', row.id),
})

/** Programs that may ask users to let them work in their name. A secret is shown once, to who makes a consumer. */
export const consumers = [
  route('GET /v3/OS-OAUTH1/consumers', {
    rule: 'identity:list_consumers',
    query: Query,
    run: async (ctx, db, { query }) => ok(collection(ctx, 'consumers', await listConsumers(db, query), view(ctx), query.limit)),
  }),
  route('POST /v3/OS-OAUTH1/consumers', {
    rule: 'identity:create_consumer',
    body: Body,
    run: async (ctx, tx, { body: { consumer } }) => {
      const [id, secret] = [ctx.ids.hex(), ctx.ids.hex()]
      const { description = null } = consumer
      await insertConsumer(tx, { id, description, sealed_secret: ctx.vault.seal(secret), extra: extraOf(consumer, ConsumerFields) })
      return created({ consumer: { ...view(ctx)(await theConsumer(tx, id)), secret } })
    },
  }),
  route('GET /v3/OS-OAUTH1/consumers/:consumer_id', {
    rule: 'identity:get_consumer',
    run: async (ctx, db, { params }) => ok({ consumer: view(ctx)(await theConsumer(db, params.consumer_id)) }),
  }),
  route('PATCH /v3/OS-OAUTH1/consumers/:consumer_id', {
    rule: 'identity:update_consumer',
    body: Body,
    run: async (ctx, tx, { params, body: { consumer } }) => {
      if ('secret' in consumer) throw invalid('Cannot change consumer secret')
      const row = await theConsumer(tx, params.consumer_id)
      await updateConsumer(tx, row.id, { ...given(consumer, 'description'), ...extraChange(row.extra_json, consumer, ConsumerFields) })
      return ok({ consumer: view(ctx)(await theConsumer(tx, row.id)) })
    },
  }),
  route('DELETE /v3/OS-OAUTH1/consumers/:consumer_id', {
    rule: 'identity:delete_consumer',
    run: async (ctx, tx, { params }) => {
      const { id } = await theConsumer(tx, params.consumer_id)
      await deleteConsumer(tx, id)
      await recordRevocation(ctx, tx, 'OS-OAUTH1:consumer_id', id)
      changed(ctx, tx)
      return noContent()
    },
  }),
]
