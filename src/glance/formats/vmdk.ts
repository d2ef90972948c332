import { sizeOf, whole, type Bytes } from './bytes.ts'
import { holding, type KnownFormat } from './disk-facts.ts'

const sectorBytes = 512
const descriptorStart = '# Disk DescriptorFile'
// The kinds that are one file.
const wholeKinds = new Set(['monolithicSparse', 'streamOptimized'])

/** A disk of VMware's. Its descriptor is text, and may name any file as a part of the disk. */
export const vmdk: KnownFormat = {
  name: 'vmdk',
  async recognises(bytes) {
    const head = (await bytes.at(0, descriptorStart.length)).toString('latin1')
    return head.startsWith('KDMV') || head.startsWith('COWD') || head === descriptorStart
  },
  async inspect(bytes) {
    const head = await whole(bytes, 0, 80)
    if (head.toString('latin1', 0, 4) !== 'KDMV') return { virtualSizeBytes: undefined, dangers: ['it is a description of other files'] }
    return { virtualSizeBytes: sizeOf(head.readBigUInt64LE(12) * BigInt(sectorBytes)), dangers: dangersOf(await descriptorOf(bytes, head)) }
  },
}

async function descriptorOf(bytes: Bytes, head: Buffer): Promise<string> {
  const [offset, length] = [sizeOf(head.readBigUInt64LE(28)) ?? 0, sizeOf(head.readBigUInt64LE(36)) ?? 0]
  const text = (await bytes.at(offset * sectorBytes, length * sectorBytes)).toString('latin1')
  return text.split('\0', 1)[0]!
}

function dangersOf(descriptor: string): string[] {
  const kind = /^\s*createType\s*=\s*"?([^"\r\n]*?)"?\s*$/im.exec(descriptor)?.[1]
  const extents = descriptor.match(/^\s*(RW|RDONLY|NOACCESS)\s+\d+\s+\S+.*$/gim) ?? []
  return holding({
    'it does not describe itself': kind === undefined,
    [`it is of the kind ${kind?.slice(0, 64)}`]: kind !== undefined && !wholeKinds.has(kind),
    'it names other files': extents.length > 1 || extents.some((extent) => !/^\s*RW\s+\d+\s+SPARSE\s+"[^"/\\]*"\s*$/i.test(extent)),
    'it has a parent': /^\s*parentFileNameHint\s*=/im.test(descriptor) || /^\s*parentCID\s*=\s*(?!ffffffff\b)/im.test(descriptor),
  })
}
