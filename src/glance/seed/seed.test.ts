import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { openImageStore, seedImages, writeSeedFile } from '../contract.ts'

describe.each(databases)('the images of a new cloud on %s', (database) => {
  const cloud = useCloud(database)
  const seed = async () => {
    const file = await writeSeedFile(cloud.ctx, openImageStore(cloud.imageFolder))
    await transaction(cloud.ctx, 'seed', (tx) => seedImages(cloud.ctx, tx, { projectId: cloud.projectId('admin'), file }))
  }
  const list = async () => (await cloud.as('demo').get('/image/v2/images?name=cirros-0.6.3-x86_64-disk')).body.images

  test('everyone finds one small image to boot from, however often it is seeded, even at once', async () => {
    await Promise.all([seed(), seed()])
    await seed()
    const images = await list()
    expect(images).toEqual([
      expect.objectContaining({ status: 'active', visibility: 'public', disk_format: 'qcow2', size: 16_384, virtual_size: 112 * 2 ** 20 }),
    ])
    const file = await cloud.as('demo').request('GET', `/image${images[0].file}`)
    expect(
      Buffer.from(await file.arrayBuffer())
        .subarray(0, 3)
        .toString(),
    ).toBe('QFI')
  })

  test('one that the operator deleted stays deleted', async () => {
    const [image] = await list()
    expect((await cloud.as('admin').delete(`/image/v2/images/${image.id}`)).status).toBe(204)
    await seed()
    expect(await list()).toEqual([])
  })
})
