import { mustRun } from '../kernel/run-program.ts'

/** Runs a program to its end and resolves with what it wrote. Rejects with what it complained of when it fails or takes longer than `timeoutMs` (20 s). */
export const run = (command: readonly string[], { timeoutMs = 20_000 }: { timeoutMs?: number } = {}): Promise<string> =>
  mustRun(command, { timeoutMs })
