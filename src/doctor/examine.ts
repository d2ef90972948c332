import { type Check, type Finding, type Patient, warning } from './check.ts'

/** What came of one check. */
export interface Result {
  readonly id: string
  readonly about: string
  readonly state: 'ok' | 'warning' | 'error' | 'skipped'
  readonly findings: readonly Finding[]
}

const defaultLimitMs = 5_000

/** Makes all checks at once. None takes longer than its limit, whatever it waits for. */
export async function examine(patient: Patient, checks: readonly Check[]): Promise<Result[]> {
  return Promise.all(
    checks.map(async (check) => {
      const findings = await look(patient, check)
      const { id, about } = check
      if (!findings) return { id, about, state: 'skipped' as const, findings: [] }
      const state = findings.some(({ severity }) => severity === 'error') ? 'error' : findings.length > 0 ? 'warning' : 'ok'
      return { id, about, state, findings } as const
    }),
  )
}

async function look(patient: Patient, { run, about, limitMs = defaultLimitMs }: Check): Promise<readonly Finding[] | undefined> {
  const over = new AbortController()
  const late = patient.clock.sleep(limitMs, over.signal).then(
    () => [
      warning(
        `The look at ${about} took longer than ${limitMs / 1000} s`,
        'Look whether the machine, or what is asked, is overloaded or frozen.',
      ),
    ],
    () => [],
  )
  try {
    return await Promise.race([run(patient), late])
  } catch (error) {
    return [warning(`The look at ${about} failed: ${(error as Error).message}`, 'Mend that first, and ask again.')]
  } finally {
    over.abort()
  }
}
