import { parseArgs } from 'node:util'
import { StartupError } from '../../src/config/startup-error.ts'
import { type CloudName, cloudNames, clouds } from './clouds.ts'
import { keep } from './kept.ts'
import { writeKeptDocs } from './kept-docs.ts'
import { full, type Part, short } from './plans.ts'
import { promiseLines, promiseTable } from './promise-table.ts'
import { runPart } from './run-part.ts'
import type { Told } from './seen.ts'

// `npm run drill`: starts fresh clouds, breaks each of them in every way under load, and counts what that did to its clients.

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    cloud: { type: 'string' },
    lab: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string' },
    seed: { type: 'string' },
    docs: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) {
  console.log(`npm run drill -- [--cloud NAME] [--only TEXT] [--rounds N] [--seed N]
npm run drill:full -- [the same]

The short form does every kind of drill once, in ten minutes. The full one takes hours and keeps what it finds in docs/drills, drill after
drill, so that it may be done in parts: a drill takes the place of the earlier one of its scenario.

  --cloud NAME   only on ${cloudNames.join(', ')}; --lab says the same
  --only TEXT    only scenarios whose name has TEXT in it; a name in full is that one alone; several are parted by commas
  --rounds N     how often each falls
  --seed N       victims by chance, and by this one; else each in turn
  --docs         drill nothing, and write again what follows from docs/drills/*.json
`)
  process.exit(0)
}
if (values.docs) {
  writeKeptDocs()
  process.exit(0)
}

const only = (values.cloud ?? values.lab) as CloudName | undefined
if (only !== undefined && !cloudNames.includes(only)) throw new Error(`there is no cloud ${only}: ${cloudNames.join(', ')}`)
const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort(new Error(`ended by ${signal}`)))

const seed = values.seed === undefined ? undefined : Number(values.seed)
const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
const told: Told[] = []
let [passed, failed] = [0, 0]

for (const part of (values.full ? full : short).filter(({ cloud }) => only === undefined || cloud === only)) {
  const drills = chosen(part)
  if (drills.length === 0 || ending.signal.aborted) continue
  const missing = lackOf(part.cloud)
  if (missing) {
    console.log(`\nskipped: drills on ${clouds[part.cloud].words}. ${missing.message}. ${missing.hint}`)
    if (process.env.SKYKEEL_TEST_ALL === '1') failed++
    continue
  }
  const ran = await runPart(
    { signal: ending.signal },
    { ...part, drills },
    { seed },
  )((report) => {
    told.push({ cloud: part.cloud, report })
    if (!values.full) return
    keep(part.cloud, report)
    writeKeptDocs()
  })
  passed += ran.passed
  failed += ran.failed
}

const lines = promiseLines(told)
failed += lines.filter(({ state }) => state === 'BROKEN').length
console.log(`\nThe fifteen promises, and two marks more:\n\n${promiseTable(lines)}\n`)
if (ending.signal.aborted) failed++
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)

/** The drills of a part that were asked for, each with as many rounds as were asked for. */
function chosen({ drills }: Part): readonly (readonly string[])[] {
  const names = new Set(drills.flat())
  const texts = values.only?.split(',')
  const wanted = (name: string) => texts === undefined || texts.some((text) => (names.has(text) ? name === text : name.includes(text)))
  return drills.flatMap((names) => {
    const left = names.filter(wanted)
    if (left.length === 0) return []
    if (rounds === undefined) return [left]
    const once = [...new Set(left)]
    return [Array.from({ length: rounds }, () => once).flat()]
  })
}

function lackOf(cloud: CloudName): StartupError | undefined {
  try {
    clouds[cloud].check()
    return undefined
  } catch (error) {
    if (error instanceof StartupError) return error
    throw error
  }
}
