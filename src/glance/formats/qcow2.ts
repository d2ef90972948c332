import { sizeOf, whole } from './bytes.ts'
import { holding, type KnownFormat } from './disk-facts.ts'

const externalData = 1n << 2n
// Those that qemu's docs/interop/qcow2.rst names.
const knownFeatures = 0b11111n

/** A disk of qemu's, which can lie partly in other files: a backing file, a data file. */
export const qcow2: KnownFormat = {
  name: 'qcow2',
  recognises: async (bytes) => (await bytes.at(0, 4)).equals(Buffer.from('QFI\xfb', 'latin1')),
  async inspect(bytes) {
    const head = await whole(bytes, 0, 104)
    const version = head.readUInt32BE(4)
    const features = version < 3 ? 0n : head.readBigUInt64BE(72)
    return {
      virtualSizeBytes: sizeOf(head.readBigUInt64BE(24)),
      dangers: holding({
        [`it is of version ${version}`]: version !== 2 && version !== 3,
        'it has a backing file': head.readBigUInt64BE(8) !== 0n,
        'it has a data file': (features & externalData) !== 0n,
        'it has features that are not known': (features & ~knownFeatures) !== 0n,
      }),
    }
  },
}

/** An older kind, which nothing needs any more and nobody vouches for. */
export const qed: KnownFormat = {
  name: 'qed',
  recognises: async (bytes) => (await bytes.at(0, 4)).equals(Buffer.from('QED\0', 'latin1')),
  inspect: async () => ({ virtualSizeBytes: undefined, dangers: ['it is a disk of the kind QED'] }),
}
