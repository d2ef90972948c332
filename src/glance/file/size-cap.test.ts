import { readdir } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { anImage, upload } from '../../../test/helpers/image-files.ts'

describe.each(databases)('the size that an image may have on %s', (database) => {
  const cloud = useCloud(database, { imageSizeCap: 1000 })
  const demo = () => cloud.as('demo')
  const bytes = (size: number) => Buffer.alloc(size, 'x')
  // Nobody knows beforehand how long that is.
  const unannounced = (size: number) => Readable.toWeb(Readable.from([bytes(size)])) as ReadableStream

  test.each(['file', 'stage'])('is kept by what is sent to /%s, announced or not', async (to) => {
    const id = await anImage(demo())
    const before = await readdir(cloud.imageFolder)
    for (const body of [bytes(1001), unannounced(1001)]) {
      const answer = await upload(demo(), id, body, {}, to)
      expect([answer.status, await answer.text()]).toEqual([413, expect.stringContaining('too large')])
    }
    expect(await readdir(cloud.imageFolder)).toEqual(before)
    expect((await upload(demo(), id, bytes(1000), {}, to)).status).toBe(204)
  })
})
