import { type Ended, mustRun, type RunOptions, runProgram } from '../../kernel/run-program.ts'
import type { Account } from './account.ts'

/** What PostgreSQL's programs find in their environment: nothing of ours, where a PGPORT or a locale might lurk. */
export const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' }

type Call = [command: readonly string[], options: RunOptions]

const callAs = ({ before, as }: Account, command: readonly string[], { cwd, input = '' }: { cwd: string; input?: string }): Call => [
  [...before, ...command],
  { cwd, input, timeoutMs: 120_000, env: environment, ...as },
]

/** Runs a program to its end in directory `cwd` as `account`. Does not reject when the program fails. */
export const runAs = (...call: Parameters<typeof callAs>): Promise<Ended> => runProgram(...callAs(...call))

/** The same, and resolves with what it wrote. Rejects when it fails. */
export const mustRunAs = (...call: Parameters<typeof callAs>): Promise<string> => mustRun(...callAs(...call))
