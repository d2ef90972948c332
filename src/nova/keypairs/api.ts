import { route } from '../../cloud/service.ts'
import { enforce } from '../../cloud/policy.ts'
import type { CloudContext } from '../../cloud/context.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
import { accepted, created, noContent, ok } from '../../kernel/http/answer.ts'
import { existsAt } from '../../kernel/http/schema.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import { maxPage, pageLimit, pageLinks, withLinks } from '../pages.ts'
import { refusal } from '../policy-words.ts'
import { releaseKeypair } from '../quotas/charge.ts'
import { createKeypair } from './create.ts'
import { CreateKeypair, ImportKeypair, KeypairList, KeypairOwner } from './schema.ts'
import { deleteKeypair, keypairOf, listKeypairs } from './store.ts'
import { keypairRef, keypairView, newKeypair } from './view.ts'

/** Whose key pairs are meant: since 2.10 an admin may name another user. */
function ownerOf(ctx: CloudContext, rule: string, userId: string | undefined): string {
  const owner = (existsAt({ since: '2.10' }, ctx.version) && userId) || ctx.subject.userId
  enforce(ctx, rule, { user_id: owner, project_id: ctx.subject.projectId }, refusal)
  return owner
}

const missing = (userId: string, name: string) => notFound(`Keypair ${name} not found for user ${userId}`)

type CreateBody = { keypair: { name: string; type?: string; user_id?: string; public_key?: string } }

const create = {
  rule: 'os_compute_api:os-keypairs:create',
  run: async (ctx: CloudContext, tx: Tx, { body: { keypair: wanted } }: { body: CreateBody }) => {
    const userId = ownerOf(ctx, 'os_compute_api:os-keypairs:create', wanted.user_id)
    const { keypair, privateKey } = await createKeypair(ctx, tx, {
      userId,
      name: wanted.name,
      type: wanted.type ?? 'ssh',
      publicKey: wanted.public_key,
    })
    const body = newKeypair(keypair, privateKey, ctx.version)
    return existsAt({ since: '2.2' }, ctx.version) ? created(body) : ok(body)
  },
}

async function pageOf(ctx: CloudContext, db: Db, userId: string, query: { limit?: string; marker?: string }) {
  if (!existsAt({ since: '2.35' }, ctx.version)) return { keypairs: await listKeypairs(db, userId, { limit: maxPage }), limit: Infinity }
  if (query.marker !== undefined && !(await keypairOf(db, { userId, name: query.marker })))
    throw invalid(`marker [${query.marker}] not found`)
  const limit = pageLimit(query.limit)
  return { keypairs: await listKeypairs(db, userId, { after: query.marker, limit }), limit }
}

export const keypairs = [
  route('GET /v2.1/os-keypairs', {
    rule: 'os_compute_api:os-keypairs:index',
    query: KeypairList,
    run: async (ctx, db, { query }) => {
      const userId = ownerOf(ctx, 'os_compute_api:os-keypairs:index', query.user_id)
      const { keypairs: page, limit } = await pageOf(ctx, db, userId, query)
      const links = pageLinks(ctx, '/os-keypairs', { ids: page.map((keypair) => keypair.name), limit })
      return ok(withLinks({ keypairs: page.map((keypair) => keypairRef(keypair, ctx.version)) }, 'keypairs', links))
    },
  }),
  route('POST /v2.1/os-keypairs', { ...create, until: '2.91', body: CreateKeypair }),
  route('POST /v2.1/os-keypairs', { ...create, since: '2.92', body: ImportKeypair }),
  route('GET /v2.1/os-keypairs/:name', {
    rule: 'os_compute_api:os-keypairs:show',
    query: KeypairOwner,
    run: async (ctx, db, { params: { name }, query }) => {
      const userId = ownerOf(ctx, 'os_compute_api:os-keypairs:show', query.user_id)
      const keypair = await keypairOf(db, { userId, name })
      if (!keypair) throw missing(userId, name)
      return ok(keypairView(keypair, ctx.version))
    },
  }),
  route('DELETE /v2.1/os-keypairs/:name', {
    rule: 'os_compute_api:os-keypairs:delete',
    query: KeypairOwner,
    run: async (ctx, tx, { params: { name }, query }) => {
      const userId = ownerOf(ctx, 'os_compute_api:os-keypairs:delete', query.user_id)
      if (!(await deleteKeypair(tx, { userId, name }))) throw missing(userId, name)
      await releaseKeypair(ctx, tx, userId)
      return existsAt({ since: '2.2' }, ctx.version) ? noContent() : accepted()
    },
  }),
]
