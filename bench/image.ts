import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../test/helpers/free-port.ts'
import { until } from '../test/helpers/until.ts'
import { durationOf } from './measure.ts'
import { growthDuring } from './memory.ts'
import { fetchBytes, send } from './transfer.ts'
import { logIn, type User } from './user.ts'
import { end, openWorld, password, type World } from './world.ts'
import type { Figure } from './figure.ts'

const sizeBytes = 2 * 2 ** 30
const smallBytes = 64 * 2 ** 20
const mostMb = 64

/** How much memory a controller takes to move an image of 2 GiB, and how fast it is beside a bare node:http server. */
export async function image(): Promise<Figure[]> {
  const world = await openWorld({ SKYKEEL_IMAGE_NETWORKS: '127.0.0.1/32' })
  const home = mkdtempSync(join(tmpdir(), 'skykeel-bare-'))
  const port = await freePort()
  const bare = spawn(process.execPath, [join(import.meta.dirname, 'bare-files.ts'), String(port), join(home, 'file')], { stdio: 'inherit' })
  const bareUrl = `http://127.0.0.1:${port}/`
  try {
    const admin = await logIn(world.url, 'admin', password)
    await until(async () => (await send(bareUrl, smallBytes)) > 0, { what: 'the bare server to take a file', timeoutMs: 20_000 })
    await move(world, admin, bareUrl, smallBytes)
    const bareUpMs = await send(bareUrl, sizeBytes)
    const bareDownMs = await fetchBytes(bareUrl, sizeBytes)
    const { up, down, fetched } = await move(world, admin, bareUrl, sizeBytes)
    const figure = (name: string, { growthMb, result: ms }: Moved, bareMs?: number): Figure => {
      const rate = `${(sizeBytes / 2 ** 20 / (ms / 1000)).toFixed(0)} MiB/s`
      const note = bareMs === undefined ? rate : `${rate}: ${(bareMs / ms).toFixed(2)} times a bare node:http server`
      return { name: `memory to ${name} 2 GiB`, value: growthMb, unit: ' MiB', atMost: mostMb, note }
    }
    return [figure('take', up, bareUpMs), figure('give', down, bareDownMs), figure('fetch from the web', fetched)]
  } finally {
    await end(bare)
    await world.close()
    rmSync(home, { recursive: true, force: true })
  }
}

type Moved = Awaited<ReturnType<typeof growthDuring<number>>>

/** Uploads an image, downloads it, and imports what the bare server has; the same bytes. */
async function move({ url, controllerPid }: World, user: User, bareUrl: string, size: number) {
  const files = `${url}/image/v2/images`
  const id = await anImage(user)
  const up = await growthDuring(controllerPid, () => send(`${files}/${id}/file`, size, user.token))
  const down = await growthDuring(controllerPid, () => fetchBytes(`${files}/${id}/file`, size, user.token))
  await user.call('DELETE', `/image/v2/images/${id}`)
  const imported = await anImage(user)
  const fetched = await growthDuring(controllerPid, () => durationOf(() => importFrom(user, imported, bareUrl)))
  await user.call('DELETE', `/image/v2/images/${imported}`)
  return { up, down, fetched }
}

const anImage = async (user: User): Promise<string> =>
  (await user.call('POST', '/image/v2/images', { name: 'large', disk_format: 'raw', container_format: 'bare' })).id

async function importFrom(user: User, id: string, uri: string): Promise<void> {
  await user.call('POST', `/image/v2/images/${id}/import`, { method: { name: 'web-download', uri } })
  await until(
    async () => {
      const { status } = await user.call('GET', `/image/v2/images/${id}`)
      if (status === 'queued') throw new Error('the import failed')
      return status === 'active'
    },
    { what: 'the image to be imported', everyMs: 100, timeoutMs: 600_000 },
  )
}
