import type { TestProject } from 'vitest/node'
import { has } from './parts.ts'
import { startPrivateMariadb } from './private-mariadb.ts'
import { startPrivatePostgres } from './private-postgres.ts'
import { makeTemplate } from './template-database.ts'

/** The servers of one test run. Their data need not survive a power cut, so they do not wait for the disk. */
export interface DatabaseServers {
  readonly postgres: string
  readonly mariadb?: string
}

declare module 'vitest' {
  interface ProvidedContext {
    databaseServers: DatabaseServers
  }
}

const relaxed = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400', shared_buffers: '128MB' }

/** Starts the servers that all tests of a run share; each cloud in them has a database of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, mariadb] = await Promise.all([startPrivatePostgres(relaxed), has('mariadb') ? startPrivateMariadb() : undefined])
  await makeTemplate(postgres.url)
  project.provide('databaseServers', { postgres: postgres.url, ...(mariadb && { mariadb: mariadb.url }) })
  return async () => {
    await Promise.all([postgres.stop(), mariadb?.stop()])
  }
}
