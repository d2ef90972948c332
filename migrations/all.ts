import { kernel } from './0001-kernel.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

/** Every step of the schema, in order. New steps go to the end; what has been released never changes. */
export const migrations: readonly Migration[] = [kernel]
