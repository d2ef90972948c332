import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TableShape } from '../kernel/sql/catalog.ts'
import type { PortableRow } from '../kernel/sql/portable-rows.ts'
import { type Header, magic } from './format.ts'
import { readArchive } from './read-archive.ts'
import { sealed } from './seal.ts'
import { openSecrets, sealSecrets } from './sealed-secrets.ts'
import { writeWholeFile } from './whole-file.ts'
import { archiveOf } from './write-archive.ts'

const folder = mkdtempSync(join(tmpdir(), 'skykeel-archive-'))
const [small, other] = [join(folder, 'small'), join(folder, 'other')]
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const table = (name: string): TableShape => ({ name, columns: [{ name: 'a', kind: 'text' }], key: ['a'] })
const header = (tables: readonly TableShape[]): Header => ({
  program: 'test',
  takenAt: '2026-01-31T00:00:00.000Z',
  engine: 'postgres',
  schema: [],
  tables,
  withImages: true,
})

async function write(path: string, rows: Readonly<Record<string, readonly PortableRow[]>>, images: Readonly<Record<string, Buffer>>) {
  const content = archiveOf({
    header: header(Object.keys(rows).map(table)),
    async *rowsOf({ name }) {
      yield* rows[name]!
    },
    afterRows: async () => {},
    images: Object.entries(images).map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      async *read() {
        yield bytes
      },
    })),
    done: () => {},
  })
  await writeWholeFile(path, sealed(content))
}

async function read(path: string) {
  const rows: Record<string, PortableRow[]> = {}
  const images: Record<string, Buffer> = {}
  await readArchive(path, {
    row: async (name, row) => void (rows[name] ??= []).push(row),
    async image(name, bytes) {
      images[name] = Buffer.alloc(0)
      for await (const chunk of bytes) images[name] = Buffer.concat([images[name]!, chunk])
    },
  })
  return { rows, images }
}

let whole: Buffer
beforeAll(async () => {
  await write(small, { one: [['a'], [null]], two: [['{"line":"\n"}']] }, { image: Buffer.from('bytes\nof an image') })
  whole = readFileSync(small)
})

const refused = async (bytes: Buffer) => {
  writeFileSync(other, bytes)
  const heard: unknown[] = []
  const hear = async (...told: unknown[]) => void heard.push(told)
  await expect(readArchive(other, { header: hear, row: hear, image: hear })).rejects.toMatchObject({ name: 'StartupError' })
  expect(heard).toEqual([])
}

test('what is written is read, whatever it holds', async () => {
  const values = fc.option(fc.string({ unit: 'binary' }), { nil: null })
  const rows = fc.array(fc.array(values, { minLength: 1, maxLength: 4 }), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(rows, fc.uint8Array({ maxLength: 2000 }), async (one, image) => {
      await write(other, { one, none: [] }, { image: Buffer.from(image), empty: Buffer.alloc(0) })
      expect(await read(other)).toEqual({
        rows: one.length > 0 ? { one } : {},
        images: { image: Buffer.from(image), empty: Buffer.alloc(0) },
      })
    }),
    { numRuns: 50 },
  )
})

test('an archive with any bit flipped is refused, and nobody hears of its content', async () => {
  for (let at = 0; at < whole.length; at++) {
    const bytes = Buffer.from(whole)
    bytes[at]! ^= 1 << (at % 8)
    await refused(bytes)
  }
})

test('an archive that was cut, or to which something was added, is refused', async () => {
  for (let length = 0; length < whole.length; length += 3) await refused(whole.subarray(0, length))
  await refused(Buffer.concat([whole, Buffer.from('\n')]))
  await refused(Buffer.concat([whole, whole]))
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), fc.uint8Array({ minLength: 1, maxLength: 20 }), (at, more) =>
      refused(Buffer.concat([whole.subarray(0, at), more, whole.subarray(at)])),
    ),
    { numRuns: 50 },
  )
})

test.each([
  ['no header', '{"table":"one"}\n{"trailer":{"tables":[],"images":[]}}\n'],
  ['no end', `${JSON.stringify({ header: header([]) })}\n`],
  [
    'a table of other rows',
    `${JSON.stringify({ header: header([]) })}\n{"table":"one"}\n["a"]\n{"tableEnd":{"table":"one","rows":2,"sha256":""}}\n`,
  ],
  [
    'less than its end tells',
    `${JSON.stringify({ header: header([]) })}\n{"trailer":{"tables":[{"table":"one","rows":0,"sha256":""}],"images":[]}}\n`,
  ],
  ['something after its end', `${JSON.stringify({ header: header([]) })}\n{"trailer":{"tables":[],"images":[]}}\n{}\n`],
  ['lines of nonsense', `${JSON.stringify({ header: header([]) })}\n{"table":"one"}\n[nonsense\n`],
  ['half an image', `${JSON.stringify({ header: header([]) })}\n{"image":{"name":"i","bytes":100}}\nshort`],
])('an archive with %s is refused although its seal is right', async (_, content) => {
  const lines = async function* () {
    yield content
  }
  await writeWholeFile(other, sealed(lines()))
  await expect(readArchive(other)).rejects.toMatchObject({ name: 'StartupError', message: expect.stringContaining('is damaged') })
})

test('an archive of a later format, and what is none, are named as such', async () => {
  writeFileSync(other, whole.toString('latin1').replace(magic, 'skykeel-backup 2\n'), 'latin1')
  await expect(readArchive(other)).rejects.toThrow('a format that this release does not know')
  writeFileSync(other, 'something else entirely')
  await expect(readArchive(other)).rejects.toThrow('is no archive of skykeel backup')
  await expect(readArchive(join(folder, 'nowhere'))).rejects.toThrow('ENOENT')
})

test('a backup that fails leaves nothing', async () => {
  const failing = async function* () {
    yield 'a'
    throw new Error('the database goes away')
  }
  const path = join(folder, 'failing')
  await expect(writeWholeFile(path, sealed(failing()))).rejects.toThrow('the database goes away')
  expect(() => readFileSync(path)).toThrow('ENOENT')
})

test('secrets are opened by their passphrase alone', () => {
  const box = sealSecrets({ cloudSecret: 'the secret' }, 'passphrase')
  expect(openSecrets(box, 'passphrase')).toEqual({ cloudSecret: 'the secret' })
  expect(JSON.stringify(box)).not.toContain('the secret')
  expect(() => openSecrets(box, 'passphrasf')).toThrow('does not open')
  const flipped = { ...box, box: box.box.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }
  expect(() => openSecrets(flipped, 'passphrase')).toThrow('does not open')
})
