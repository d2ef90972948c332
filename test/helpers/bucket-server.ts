import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3mini } from 's3mini'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

/** A real store that speaks S3, of one test file's own, with an empty bucket in it. */
export interface BucketServer {
  readonly port: number
  /** As the setting `image_bucket` has it; at another port where a wire leads to the server. */
  url(port?: number): string
  /** The bucket as its owner sees it. */
  readonly bucket: S3mini
  /** Ends it, and removes what it has. */
  stop(): Promise<void>
}

const [key, secret] = ['tests:keeper', 'a-secret-of-tests']

/** Starts OpenStack Swift with its S3 API on 127.0.0.1; takes a few seconds. */
export async function startBucketServer(): Promise<BucketServer> {
  const [home, port] = [await mkdtemp(join(tmpdir(), 'skykeel-bucket-')), await freePort()]
  const server = spawn('/usr/bin/python3', [join(import.meta.dirname, 'bucket-server.py'), home, String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let words = ''
  server.stderr.on('data', (chunk) => (words += String(chunk)))
  const bucket = new S3mini({
    accessKeyId: key,
    secretAccessKey: secret,
    endpoint: `http://127.0.0.1:${port}/images`,
    region: 'us-east-1',
  })
  const isThere = async () => {
    if (server.exitCode !== null) throw new Error(`Swift ended: ${words}${await readFile(join(home, 'log'), 'utf8').catch(() => '')}`)
    return await bucket.createBucket().catch(() => false)
  }
  await until(isThere, { what: 'Swift to have a bucket', timeoutMs: 60_000, everyMs: 100 })
  return {
    port,
    bucket,
    url: (at = port) => `s3+http://${encodeURIComponent(key)}:${secret}@127.0.0.1:${at}/images`,
    async stop() {
      const ended = once(server, 'exit')
      if (server.kill('SIGKILL')) await ended
      await rm(home, { recursive: true, force: true })
    },
  }
}
