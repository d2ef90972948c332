import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes in buffers that something still holds, after everything else was collected. */
export function liveBufferBytes(): number {
  collect()
  collect()
  return process.memoryUsage().arrayBuffers
}
