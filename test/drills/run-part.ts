import { inTurn, randomly } from '../../src/drill/choose.ts'
import { drill } from '../../src/drill/drill.ts'
import { pace } from '../../src/drill/load.ts'
import { allKept, type Report } from '../../src/drill/report.ts'
import { scenarios } from '../../src/drill/scenarios/all.ts'
import { lacking, type Scenario } from '../../src/drill/scenarios/scenario.ts'
import { isClean, promisesText, rowsOf, tableOf } from '../../src/drill/table.ts'
import { systemClock, systemIds } from '../../src/kernel/clock.ts'
import { clouds, type DrilledCloud } from './clouds.ts'
import type { Part } from './plans.ts'

interface Counts {
  readonly passed: number
  readonly failed: number
}

/** Runs the drills of a part on a cloud of its own, which is started anew after a drill that it did not recover from. */
export const runPart =
  ({ signal }: { signal: AbortSignal }, { cloud: name, drills }: Part, { seed }: { seed: number | undefined }) =>
  async (tell: (report: Report) => void): Promise<Counts> => {
    let cloud: DrilledCloud | undefined
    let [passed, failed] = [0, 0]
    try {
      for (const names of drills) {
        if (signal.aborted) break
        console.log(`\n${[...new Set(names)].join(', ')} on ${clouds[name].words}; ${loadText}`)
        try {
          cloud ??= await clouds[name].start({ signal })
          const wanted = await possible(names, cloud)
          if (wanted.length === 0) continue
          const report = await oneDrill({ signal }, cloud, { wanted, seed })
          const counts = show(report)
          passed += counts.passed
          failed += counts.failed
          tell(report)
          if (report.rounds.length === wanted.length && report.rounds.every(({ recoveryMs }) => recoveryMs !== null)) continue
        } catch (error) {
          if (signal.aborted) break
          console.log(`the drill itself fails: ${error instanceof Error ? error.stack : String(error)}`)
          failed++
        }
        await cloud?.close()
        cloud = undefined
      }
    } finally {
      await cloud?.close()
    }
    return { passed, failed }
  }

const loadText = `${pace.servers} servers and ${pace.others} others a second come and go, ${pace.reads} reads, no retries by clients`

/** Those scenarios that the cloud can do; the others are named. */
async function possible(names: readonly string[], { target }: DrilledCloud): Promise<Scenario[]> {
  const processes = await target.processes()
  const named = (name: string) => scenarios.find((one) => one.name === name)!
  for (const name of new Set(names)) {
    const lack = lacking(named(name), target, processes)
    if (lack !== undefined) console.log(`skipped: ${name}, as ${lack}`)
  }
  return names.map(named).filter((one) => lacking(one, target, processes) === undefined)
}

async function oneDrill(
  { signal }: { signal: AbortSignal },
  { target }: DrilledCloud,
  { wanted, seed }: { wanted: readonly Scenario[]; seed: number | undefined },
): Promise<Report> {
  const ctx = { clock: systemClock, ids: systemIds, signal, say: (line: string) => console.log(line) }
  const names = new Set(wanted.map(({ name }) => name))
  const plan = {
    scenario: names.size === 1 ? wanted[0]!.name : 'several',
    seed: seed ?? 0,
    choose: seed === undefined ? inTurn() : randomly(seed),
    next: (struck: number) => wanted[struck],
  }
  return drill(ctx, { target, budgetMs: 30_000, plan })
}

/** Prints what came of a drill, and counts its rows. What no row shows, such as an orphan, is a failure too; what a fault may cut off is none. */
function show(report: Report): Counts {
  const rows = rowsOf(report)
  console.log(`\n${tableOf(rows)}\n\n${promisesText(report)}\n`)
  for (const line of [...report.orphans, ...report.notes]) console.log(`  ${line}`)
  const broken = allKept(report) ? 0 : Math.max(1, rows.filter((row) => !isClean(row)).length)
  return { passed: rows.length - broken, failed: broken }
}
