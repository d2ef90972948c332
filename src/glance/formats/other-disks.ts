import { sizeOf, whole } from './bytes.ts'
import { holding, type KnownFormat } from './disk-facts.ts'

const undoOrDifferencing = new Set([3, 4])

/** A disk of VirtualBox's. */
export const vdi: KnownFormat = {
  name: 'vdi',
  recognises: async (bytes) => (await whole(bytes, 0x40, 4)).readUInt32LE(0) === 0xbeda107f,
  async inspect(bytes) {
    const head = await whole(bytes, 0, 512)
    return {
      virtualSizeBytes: sizeOf(head.readBigUInt64LE(0x170)),
      dangers: holding({ 'it has a parent': undoOrDifferencing.has(head.readUInt32LE(0x4c)) }),
    }
  },
}

const isoStart = 32 * 1024

/** A disc with a file system as on a CD. */
export const iso: KnownFormat = {
  name: 'iso',
  recognises: async (bytes) => (await bytes.at(isoStart + 1, 5)).toString('latin1') === 'CD001',
  inspect: async () => ({ virtualSizeBytes: undefined, dangers: [] }),
}

/** An encrypted disk. */
export const luks: KnownFormat = {
  name: 'luks',
  recognises: async (bytes) => (await bytes.at(0, 6)).equals(Buffer.from('LUKS\xba\xbe', 'latin1')),
  async inspect(bytes) {
    const head = await whole(bytes, 0, 112)
    const start = head.readUInt16BE(6) === 1 ? head.readUInt32BE(104) * 512 : 0
    return { virtualSizeBytes: Math.max(0, bytes.sizeBytes - start), dangers: [] }
  },
}

/** A disk as it is, with a table of partitions: a GPT, or the older MBR. A file system's boot sector looks alike, but for what it jumps over. */
export const gpt: KnownFormat = {
  name: 'gpt',
  async recognises(bytes) {
    const sector = await whole(bytes, 0, 512)
    const jumps = sector[0] === 0xeb || sector[0] === 0xe9
    const isFileSystem = jumps && [3, 54, 82].some((at) => /^(FAT|NTFS|EXFAT)/.test(sector.toString('latin1', at, at + 5)))
    const partitions = [446, 462, 478, 494].map((at) => sector.subarray(at, at + 16))
    const sane = partitions.every((partition) => partition[0] === 0 || partition[0] === 0x80)
    return sector.readUInt16LE(510) === 0xaa55 && sane && !isFileSystem && partitions.some((partition) => partition[4] !== 0)
  },
  inspect: async () => ({ virtualSizeBytes: undefined, dangers: [] }),
}
