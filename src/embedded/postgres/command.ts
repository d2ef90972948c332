import { type Ended, runProgram } from '../../kernel/run-program.ts'
import type { Account } from './account.ts'

/** What PostgreSQL's programs find in their environment: nothing of ours, where a PGPORT or a locale might lurk. */
export const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** Runs a program to its end in directory `cwd` as `account`. Does not reject when the program fails. */
export const runAs = (
  { before, as }: Account,
  command: readonly string[],
  { cwd, input = '', timeoutMs = 120_000 }: { cwd: string; input?: string; timeoutMs?: number },
): Promise<Ended> => runProgram([...before, ...command], { cwd, input, timeoutMs, env: environment, ...as })
