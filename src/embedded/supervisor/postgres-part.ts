import type { Config } from '../../config/settings.ts'
import { socketFits } from '../postgres/location.ts'
import { type Postgres, startPostgres } from '../postgres/start.ts'
import { freePort } from './free-port.ts'
import type { Part } from './part.ts'
import { cacheDir } from './plan.ts'
import { logOf, type StateDir } from './state-dir.ts'

// Only names the socket.
const socketPort = 5432

/** The embedded PostgreSQL as a part; `onUrl` hears where it is each time it starts. */
export function postgresPart(dir: StateDir, { ephemeral }: Config, onUrl: (url: string) => void): Part {
  let port: number | undefined
  return {
    name: 'postgres',
    roles: ['database', 'message-queue'],
    recipe: 'postgres',
    single: true,
    async start() {
      if (!socketFits(dir.postgres, socketPort)) port ??= await freePort()
      const server: Postgres = await startPostgres({
        dataDir: dir.postgres,
        logPath: logOf(dir, 'postgres'),
        durable: !ephemeral,
        cacheDir,
        ...(port !== undefined && { port }),
      })
      onUrl(server.url)
      return {
        pid: server.pid,
        ports: {},
        exited: server.exited.then(({ code, signal }) =>
          signal ? `it was ended by ${signal}` : `it ended with code ${code ?? 'unknown'}`,
        ),
        stop: async () => server.stop(),
      }
    },
  }
}
