import { join } from 'node:path'
import { skykeel } from './cluster.ts'

// The kernel's limit for the path of a socket is 107 bytes.
/** Whether a server in this directory can be reached by a socket in it. */
export const socketFits = (dataDir: string, port: number): boolean => Buffer.byteLength(join(dataDir, `.s.PGSQL.${port}`)) <= 107

/** The URL of the server, with the password; over the socket where there can be one. */
export function urlOf({ dataDir, port, password }: { dataDir: string; port: number; password: string }): string {
  const host = socketFits(dataDir, port) ? encodeURIComponent(dataDir) : '127.0.0.1'
  return `postgresql://${skykeel}:${password}@${host}:${port}/${skykeel}`
}
