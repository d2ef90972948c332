const clusterBytes = 4096
const virtualBytes = 112 * 2 ** 20

/**
 * An empty disk in the form of a qcow2 file that every tool reads: a header, a table of reference counts, one block of
 * counts, and a table of data clusters of which there are none. Its layout is qemu's docs/interop/qcow2.rst, version 2.
 */
export function emptyDisk(): Buffer {
  const file = Buffer.alloc(4 * clusterBytes)
  const l2Entries = clusterBytes / 8
  file.writeUInt32BE(0x514649fb, 0)
  file.writeUInt32BE(2, 4)
  file.writeUInt32BE(Math.log2(clusterBytes), 20)
  file.writeBigUInt64BE(BigInt(virtualBytes), 24)
  file.writeUInt32BE(virtualBytes / (l2Entries * clusterBytes), 36)
  file.writeBigUInt64BE(BigInt(3 * clusterBytes), 40)
  file.writeBigUInt64BE(BigInt(clusterBytes), 48)
  file.writeUInt32BE(1, 56)
  file.writeBigUInt64BE(BigInt(2 * clusterBytes), clusterBytes)
  for (let cluster = 0; cluster < 4; cluster++) file.writeUInt16BE(1, 2 * clusterBytes + 2 * cluster)
  return file
}
