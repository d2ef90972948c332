import { sizeOf, whole, type Bytes } from './bytes.ts'
import { holding, type KnownFormat } from './disk-facts.ts'

const footerBytes = 512
const differencing = 4
const isFooter = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 8) === 'conectix'

/** Where the footer of a VHD is: a copy of it at the beginning, or in a disk of fixed size only at the end. */
async function footerOf(bytes: Bytes): Promise<Buffer> {
  const first = await whole(bytes, 0, footerBytes)
  return isFooter(first) ? first : whole(bytes, Math.max(0, bytes.sizeBytes - footerBytes), footerBytes)
}

export const vhd: KnownFormat = {
  name: 'vhd',
  recognises: async (bytes) => isFooter(await footerOf(bytes)),
  async inspect(bytes) {
    const footer = await footerOf(bytes)
    return {
      virtualSizeBytes: sizeOf(footer.readBigUInt64BE(48)),
      dangers: holding({ 'it has a parent': footer.readUInt32BE(60) === differencing }),
    }
  },
}

const regionTable = 192 * 1024
const metadataRegion = '06a27c8b90479a4bb8fe575f050f886e'
const virtualSizeItem = '2442a52f1bcd7648b2115dbed83bf4b8'
const parentItem = '2d5fd3a80bb34d45abf7d3d84834ab0c'
const mostEntries = 2047

export const vhdx: KnownFormat = {
  name: 'vhdx',
  recognises: async (bytes) => (await bytes.at(0, 8)).toString('latin1') === 'vhdxfile',
  async inspect(bytes) {
    const items = await metadataOf(bytes)
    const size = items.get(virtualSizeItem)
    return {
      virtualSizeBytes: size === undefined ? undefined : sizeOf((await whole(bytes, size, 8)).readBigUInt64LE(0)),
      dangers: holding({ 'it does not tell its size': size === undefined, 'it has a parent': items.has(parentItem) }),
    }
  },
}

/** Where each item of the metadata lies, by its id. */
async function metadataOf(bytes: Bytes): Promise<Map<string, number>> {
  const regions = await whole(bytes, regionTable, 64 * 1024)
  if (regions.toString('latin1', 0, 4) !== 'regi') return new Map()
  const region = entriesOf(regions, { at: 16, count: regions.readUInt32LE(8) }).find(({ id }) => id === metadataRegion)
  const start = region === undefined ? undefined : sizeOf(region.rest.readBigUInt64LE(0))
  if (start === undefined) return new Map()
  const table = await whole(bytes, start, 64 * 1024)
  if (table.toString('latin1', 0, 8) !== 'metadata') return new Map()
  return new Map(entriesOf(table, { at: 32, count: table.readUInt16LE(10) }).map(({ id, rest }) => [id, start + rest.readUInt32LE(0)]))
}

/** Both tables have entries of 32 bytes, half of them an id. */
const entriesOf = (table: Buffer, { at, count }: { at: number; count: number }): { id: string; rest: Buffer }[] =>
  Array.from({ length: Math.min(count, mostEntries, Math.floor((table.length - at) / 32)) }, (_, index) => {
    const entry = table.subarray(at + index * 32, at + (index + 1) * 32)
    return { id: entry.toString('hex', 0, 16), rest: entry.subarray(16) }
  })
