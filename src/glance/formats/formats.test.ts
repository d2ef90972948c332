import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyDisk } from '../seed/cirros.ts'
import { assertFormat } from './assert-format.ts'
import { bytesOf } from './bytes.ts'
import { inspectDisk } from './inspect.ts'

/** Bytes with parts at certain places. */
function disk(sizeBytes: number, parts: Readonly<Record<number, string | Buffer>>): Buffer {
  const bytes = Buffer.alloc(sizeBytes)
  for (const [at, part] of Object.entries(parts)) (typeof part === 'string' ? Buffer.from(part, 'latin1') : part).copy(bytes, Number(at))
  return bytes
}
const u64be = (value: number | bigint) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}
const u64le = (value: number | bigint) => u64be(value).swap64()
const u32le = (value: number) => u64le(value).subarray(0, 4)
const u32be = (value: number) => u64be(value).subarray(4)

const gib = 2 ** 30
const qcow2 = (more: Readonly<Record<number, Buffer>> = {}) => disk(512, { 0: 'QFI\xfb', 4: u32be(3), 24: u64be(gib), ...more })
const vmdk = (descriptor: string) =>
  disk(4096, { 0: 'KDMV', 4: u32le(1), 12: u64le(gib / 512), 28: u64le(1), 36: u64le(2), 512: `# Disk DescriptorFile\n${descriptor}\n` })
const sparse = 'parentCID=ffffffff\ncreateType="monolithicSparse"\nRW 2097152 SPARSE "disk.vmdk"'
const vhd = (type: number) => disk(1024, { 0: 'conectix', 48: u64be(gib), 60: u32be(type) })
const vhdx = (items: readonly string[]) =>
  disk(2 ** 20, {
    0: 'vhdxfile',
    [192 * 1024]: 'regi',
    [192 * 1024 + 8]: u32le(1),
    [192 * 1024 + 16]: Buffer.from('06a27c8b90479a4bb8fe575f050f886e', 'hex'),
    [192 * 1024 + 32]: u64le(512 * 1024),
    [512 * 1024]: 'metadata',
    [512 * 1024 + 10]: u32le(items.length).subarray(0, 2),
    ...Object.fromEntries(items.map((id, index) => [512 * 1024 + 32 + index * 32, Buffer.concat([Buffer.from(id, 'hex'), u32le(65_536)])])),
    [512 * 1024 + 65_536]: u64le(gib),
  })
const size = '2442a52f1bcd7648b2115dbed83bf4b8'
const parent = '2d5fd3a80bb34d45abf7d3d84834ab0c'
const partitioned = disk(2048, { 446: Buffer.from([0x80, 0, 2, 0, 0x83]), 510: '\x55\xaa' })
const iso = disk(40_000, { 32_769: 'CD001' })

describe('what a file is', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skykeel-formats-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const inspect = async (bytes: Buffer) => {
    await writeFile(join(folder, 'disk'), bytes)
    const file = await open(join(folder, 'disk'))
    try {
      return await inspectDisk(await bytesOf(file))
    } finally {
      await file.close()
    }
  }

  test.each([
    ['nothing at all', Buffer.alloc(0), 'raw', undefined],
    ['text', Buffer.from('just text'), 'raw', undefined],
    ['a file cut off in its header', Buffer.from('QFI\xfb\0\0\0\x02', 'latin1'), 'qcow2', 0],
    ['the disk of a new cloud', emptyDisk(), 'qcow2', 112 * 2 ** 20],
    ['a disk of qemu', qcow2(), 'qcow2', gib],
    ['a disk of VMware', vmdk(sparse), 'vmdk', gib],
    ['a disk of Hyper-V', vhdx([size]), 'vhdx', gib],
    ['an older disk of Hyper-V', vhd(3), 'vhd', gib],
    ['one of fixed size', Buffer.concat([Buffer.alloc(1024), vhd(2).subarray(0, 512)]), 'vhd', gib],
    ['a disk of VirtualBox', disk(1024, { 64: u32le(0xbeda107f), 76: u32le(1), 368: u64le(gib) }), 'vdi', gib],
    ['an encrypted disk', disk(8192, { 0: 'LUKS\xba\xbe\0\x01', 104: u32be(8) }), 'luks', 4096],
    ['a disc', iso, 'iso', undefined],
    ['a disc that is a stick too', Buffer.concat([partitioned, iso.subarray(2048)]), 'iso', undefined],
    ['a disk with partitions', partitioned, 'gpt', undefined],
    ['a file system', disk(2048, { 0: '\xeb\x3c\x90', 54: 'FAT16   ', 450: '\x01', 510: '\x55\xaa' }), 'raw', undefined],
  ])('%s is seen', async (_what, bytes, format, virtualSizeBytes) => {
    const facts = await inspect(bytes)
    expect([facts.format, facts.virtualSizeBytes]).toEqual([format, virtualSizeBytes])
    if (bytes.length !== 8) expect(facts.dangers).toEqual([])
  })

  test.each([
    ['a backing file', qcow2({ 8: u64be(1024) }), 'it has a backing file'],
    ['a data file', qcow2({ 72: u64be(4) }), 'it has a data file'],
    ['features of tomorrow', qcow2({ 72: u64be(1n << 40n) }), 'it has features that are not known'],
    ['a version that is none', disk(512, { 0: 'QFI\xfb', 4: u32be(9) }), 'it is of version 9'],
    ['extents in other files', vmdk('createType="monolithicFlat"\nRW 1 FLAT "/etc/passwd" 0'), 'it names other files'],
    ['another path', vmdk('createType="monolithicSparse"\nRW 1 SPARSE "/etc/passwd"'), 'it names other files'],
    ['a kind of many files', vmdk('createType="twoGbMaxExtentSparse"'), 'it is of the kind twoGbMaxExtentSparse'],
    ['no word of itself', vmdk(''), 'it does not describe itself'],
    ['a parent', vmdk(`${sparse}\nparentFileNameHint="/etc/passwd"`), 'it has a parent'],
    ['nothing but a description', Buffer.from('# Disk DescriptorFile\nRW 1 FLAT "/etc/passwd" 0'), 'it is a description of other files'],
    ['a difference to another VHD', vhd(4), 'it has a parent'],
    ['a difference to another VHDX', vhdx([size, parent]), 'it has a parent'],
    ['no size', vhdx([]), 'it does not tell its size'],
    ['a difference to another VDI', disk(1024, { 64: u32le(0xbeda107f), 76: u32le(4) }), 'it has a parent'],
    ['a kind that nobody needs', Buffer.from('QED\0', 'latin1'), 'it is a disk of the kind QED'],
    ['two faces', Buffer.concat([qcow2(), iso.subarray(512)]), 'it is iso as well'],
  ])('a disk with %s is dangerous', async (_what, bytes, danger) => {
    expect((await inspect(bytes)).dangers).toContain(danger)
  })

  test('headers that lie about where things are lead nowhere', async () => {
    const far = 2n ** 64n - 1n
    expect((await inspect(qcow2({ 24: u64be(far) }))).virtualSizeBytes).toBeUndefined()
    expect((await inspect(disk(4096, { 0: 'KDMV', 28: u64le(far), 36: u64le(far) }))).dangers).toEqual(['it does not describe itself'])
    const lost = vhdx([size])
    u64le(far).copy(lost, 192 * 1024 + 32)
    expect((await inspect(lost)).dangers).toEqual(['it does not tell its size'])
  })
})

describe('an image', () => {
  const facts = { format: 'qcow2', virtualSizeBytes: gib, dangers: [] } as const
  const bare = (format: string) => ({ disk_format: format, container_format: 'bare' })
  test('takes what it says it is, also raw disks with partitions, and what nobody can look into', () => {
    assertFormat(bare('qcow2'), facts)
    assertFormat(bare('raw'), { ...facts, format: 'gpt' })
    assertFormat(bare('raw'), { ...facts, format: 'raw' })
    assertFormat(bare('ami'), facts)
    assertFormat({ disk_format: 'vmdk', container_format: 'ova' }, { ...facts, format: 'raw' })
  })
  test.each(['raw', 'vmdk', 'gpt', 'iso'])('that says it is %s does not take a qcow2', (format) => {
    expect(() => assertFormat(bare(format), facts)).toThrow(`it is qcow2, not ${format}`)
  })
  test('does not take what is dangerous', () => {
    expect(() => assertFormat(bare('qcow2'), { ...facts, dangers: ['it has a backing file'] })).toThrow('it has a backing file')
  })
})
