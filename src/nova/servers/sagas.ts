import type { SagaDefinition } from '../../kernel/sagas/saga.ts'
import { build } from './build.saga.ts'
import { remove } from './delete.saga.ts'
import { reboot, start, stop } from './power.saga.ts'

/** All work on servers that outlasts its request. */
export const serverSagas: readonly SagaDefinition[] = [build, remove, start, stop, reboot]
