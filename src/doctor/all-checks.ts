import type { Check } from './check.ts'
import { cloudChecks } from './cloud.ts'
import { databaseChecks } from './database.ts'
import { imageChecks } from './images.ts'
import { machineChecks } from './machine.ts'
import { queueChecks } from './queue.ts'
import { workChecks } from './work.ts'

/** Everything that `skykeel doctor` looks at, in the order in which it is told. */
export const allChecks: readonly Check[] = [
  ...machineChecks,
  ...databaseChecks,
  ...queueChecks,
  ...imageChecks,
  ...cloudChecks,
  ...workChecks,
]
