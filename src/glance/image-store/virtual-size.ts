const headBytes = 32
const qcow2Magic = 0x514649fb

/** Watches the first bytes of a stream for a disk that says its own size. */
export interface Probe {
  see(chunk: Buffer): void
  /** The size that a qcow2 header states; undefined for anything else. */
  virtualSizeBytes(): number | undefined
}

export function openProbe(): Probe {
  let head = Buffer.alloc(0)
  return {
    see(chunk) {
      if (head.length < headBytes) head = Buffer.concat([head, chunk.subarray(0, headBytes - head.length)])
    },
    virtualSizeBytes() {
      if (head.length < headBytes || head.readUInt32BE(0) !== qcow2Magic) return undefined
      const size = head.readBigUInt64BE(24)
      return size <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(size) : undefined
    },
  }
}
