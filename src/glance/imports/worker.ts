import { registryOf, type SagaDefinition } from '../../kernel/sagas/saga.ts'
import { openWorker } from '../../kernel/sagas/worker.ts'
import { importRole } from './imports.ts'
import type { Service } from '../../cloud/service.ts'

/** Runs imports beside the API, by a worker of their own: however many of them take however long, other work has its own. */
export const workOnImports =
  (saga: SagaDefinition): NonNullable<Service['background']> =>
  async (ctx, roles) => {
    if (!roles.has('glance-api')) return { stop: async () => {} }
    return openWorker(ctx, { registry: registryOf([saga]), roles: new Set([importRole]), takesReports: false })
  }
