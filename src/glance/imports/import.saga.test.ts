import { readdir } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { aCloud, databases } from '../../../test/helpers/a-cloud.ts'
import { aFileServer } from '../../../test/helpers/file-server.ts'
import { verifySaga } from '../../../test/helpers/verify-saga.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { openImageStore } from '../contract.ts'
import { attachFile, imageById, insertImage, markDeleted } from '../images/store.ts'
import { tasksOfImage } from '../tasks/store.ts'
import { forgetOrphanFiles } from '../upkeep.ts'
import { acceptImport } from './accept.ts'
import { importSaga } from './import.saga.ts'
import { downloadsFrom } from './uri-rules.ts'
import type { CloudContext } from '../../cloud/context.ts'

const choices = {
  name: 'an image',
  owner: 'project',
  visibility: 'private',
  disk_format: 'raw',
  container_format: 'bare',
  min_disk_gb: 0,
  min_ram_mb: 0,
  protected: false,
  os_hidden: false,
  properties: {},
  tags: [],
} as const

describe.each(databases)('the import of an image on %s', (database) => {
  test.each(['web-download', 'glance-direct'] as const)('by %s ends whole or not at all, whatever dies', async (method) => {
    // Nobody but the workers under test works on imports.
    const cloud = await aCloud(database, { roles: ['keystone-api'] })
    const server = await aFileServer((_request, response) => response.end('bytes'))
    // Work of a test may last longer than one waits for a database.
    const ctx = { ...cloud.ctx, patienceUntilMs: Infinity, subject: { userId: 'user', projectId: 'project' } } as unknown as CloudContext
    const store = openImageStore(cloud.imageFolder)
    const place = { store, maxImageBytes: 2 ** 20, downloads: downloadsFrom(['127.0.0.1/32']) }
    const saga = importSaga(place)
    const staged = async function* () {
      yield Buffer.from('bytes')
    }
    const shown = async (id: string) => {
      const image = (await imageById(ctx.db, id))!
      const [task] = await tasksOfImage(ctx.db, id)
      return [image.status, image.size_bytes, image.properties.os_glance_failed_import, task?.status]
    }
    try {
      await verifySaga(cloud, saga, {
        sagas: [saga],
        async start() {
          const id = ctx.ids.uuid()
          const file = method === 'glance-direct' ? await store.write(staged(), { name: ctx.ids.uuid(), maxBytes: 100 }) : undefined
          await transaction(ctx, 'accept', async (tx) => {
            await insertImage(ctx, tx, id, choices)
            if (file) await attachFile(ctx, tx, { id, file, from: 'queued', to: 'uploading' })
            const image = (await imageById(tx, id))!
            const work = file ? {} : { uri: `${server.url}/image` }
            await acceptImport(ctx, tx, { image, type: 'api_image_import', input: {}, work, imports: { ...place, saga } })
          })
          return id
        },
        async check(id, outcome) {
          expect(await shown(id)).toEqual(outcome === 'done' ? ['active', 5, '', 'success'] : ['queued', null, 'file', 'failure'])
          const name = (await imageById(ctx.db, id))!.file_name
          const file = name === null ? undefined : await store.read(name)
          expect(file && (await text(file))).toBe(outcome === 'done' ? 'bytes' : undefined)
        },
        async cleanUp(id) {
          await transaction(ctx, 'delete', async (tx) => markDeleted(ctx, tx, (await imageById(tx, id))!))
        },
        async leftovers() {
          const nextWeek = new Date(Date.now() + 7 * 24 * 3600_000)
          await forgetOrphanFiles({ ...ctx, clock: { ...ctx.clock, now: () => nextWeek } }, store)
          return readdir(cloud.imageFolder)
        },
      })
    } finally {
      await server.close()
      void cloud.close().catch(() => {})
    }
  })
})
