import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { aFileServer, type FileServer } from '../../../test/helpers/file-server.ts'
import { until } from '../../../test/helpers/until.ts'
import { openPolicy } from '../../cloud/policy.ts'
import { registryOf } from '../../kernel/sagas/saga.ts'
import { openWorker } from '../../kernel/sagas/worker.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { openImageStore } from '../contract.ts'
import { deleteImage } from '../images/delete.ts'
import { attachFile, imageById, insertImage, setStatus } from '../images/store.ts'
import { policies } from '../policies.ts'
import { tasksOfImage } from '../tasks/store.ts'
import { acceptImport } from './accept.ts'
import { importSaga } from './import.saga.ts'
import { importRole } from './imports.ts'
import { downloadsFrom } from './uri-rules.ts'
import type { CloudContext } from '../../cloud/context.ts'

const choices = {
  ...{ name: 'an image', owner: 'project', visibility: 'private' as const, disk_format: 'raw', container_format: 'bare' },
  ...{ min_disk_gb: 0, min_ram_mb: 0, protected: false, os_hidden: false, properties: {}, tags: [] },
} as const
const subject = { userId: 'user', projectId: 'project', roles: ['member', 'reader'], systemScope: false }

describe.each(databases)('an import that is overtaken, on %s', (database) => {
  // Nobody but the worker under test works on imports.
  const cloud = useCloud(database, { roles: ['keystone-api'] })
  let server: FileServer
  beforeAll(async () => {
    server = await aFileServer((_request, response) => response.end('bytes'))
  })
  afterAll(() => server.close())

  const context = () => ({ ...cloud.ctx, subject, policy: openPolicy(policies) }) as unknown as CloudContext
  const stored = () => openImageStore(cloud.imageFolder)

  /** Imports, and does something else between the last two steps; the image and the task as they are in the end. */
  async function overtaken(method: 'web-download' | 'glance-direct', meanwhile: (ctx: CloudContext, id: string) => Promise<void>) {
    const [ctx, store] = [context(), stored()]
    const place = { store, maxImageBytes: 2 ** 20, downloads: downloadsFrom(['127.0.0.1/32']) }
    const saga = importSaga(place)
    const id = ctx.ids.uuid()
    const bytes = async function* () {
      yield Buffer.from('bytes')
    }
    const file = method === 'glance-direct' ? await store.write(bytes(), { name: ctx.ids.uuid(), maxBytes: 100 }) : undefined
    await transaction(ctx, 'accept', async (tx) => {
      await insertImage(ctx, tx, id, choices)
      if (file) await attachFile(ctx, tx, { id, file, from: 'queued', to: 'uploading' })
      const work = file ? {} : { uri: `${server.url}/image` }
      const image = (await imageById(tx, id))!
      await acceptImport(ctx, tx, { image, type: 'api_image_import', input: {}, work, imports: { ...place, saga } })
    })
    const seen: string[][] = []
    let isOvertaken = false
    const probe = async ({ step, phase }: { step: string; phase: string }) => {
      if (step !== 'finish' || phase !== 'before' || seen.length > 0) return
      seen.push(await readdir(cloud.imageFolder))
      await meanwhile(ctx, id)
      isOvertaken = true
    }
    const worker = await openWorker(cloud.ctx, { registry: registryOf([saga]), roles: new Set([importRole]), takesReports: false, probe })
    const task = async () => (await tasksOfImage(ctx.db, id))[0]!
    await until(async () => ['success', 'failure'].includes((await task()).status), { what: 'the import to end', timeoutMs: 10_000 })
    await worker.stop()
    expect([seen[0]?.length, isOvertaken]).toEqual([1, true])
    return { image: await imageById(ctx.db, id), task: await task() }
  }
  const noFiles = () => until(async () => (await readdir(cloud.imageFolder)).length === 0, { what: 'the file to go', timeoutMs: 5000 })

  test('removes what it has fetched when its image is deleted', async () => {
    const { image, task } = await overtaken('web-download', (ctx, id) =>
      transaction(ctx, 'delete', (tx) => deleteImage(ctx, tx, { id, store: stored() })),
    )
    expect([image, task.status, task.message]).toEqual([undefined, 'failure', expect.stringContaining('has been deleted')])
    await noFiles()
  })

  test.each(['web-download', 'glance-direct'] as const)('by %s gives no bytes to an image that waits for none any more', async (method) => {
    const { image, task } = await overtaken(method, (ctx, id) =>
      transaction(ctx, 'overtake', async (tx) => setStatus(ctx, tx, (await imageById(tx, id))!, 'queued')),
    )
    expect([image!.status, task.status, task.result_json]).toEqual(['queued', 'failure', null])
    // What is staged stays with its image.
    if (method === 'glance-direct') await stored().remove(image!.file_name!)
    await noFiles()
  })
})
