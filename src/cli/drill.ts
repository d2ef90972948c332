import { writeFileSync } from 'node:fs'
import { StartupError } from '../config/startup-error.ts'
import { randomly } from '../drill/choose.ts'
import { drill as runDrill, type DrillPlan } from '../drill/drill.ts'
import { pageOf } from '../drill/page/page.ts'
import { allKept, type Report } from '../drill/report.ts'
import { cloudsText, listed, scenariosNamed } from '../drill/scenarios/all.ts'
import { promisesText, rowsOf, tableOf } from '../drill/table.ts'
import { systemClock, systemIds } from '../kernel/clock.ts'
import { runningTarget } from './targets.ts'
import { say, warn } from './terminal.ts'
import type { Verb } from './verb.ts'

export const drill: Verb = {
  name: 'drill',
  summary: 'Break a running cloud under load, and count what its clients saw',
  description: [
    'Asks the cloud for servers, ports, floating IPs and security groups, deletes and reads, by clients that never retry, while one blow after',
    'the other falls. Then counts what failed and what was lost, done twice, left stuck or left without an owner. Works in a project of its own',
    'and removes it. The exit code is 0 when all promises were kept, 1 when one was broken, and 2 when the drill could not begin.',
  ].join('\n'),
  settings: ['stateDir'],
  errorCode: 2,
  flags: {
    scenario: { placeholder: 'NAME', help: 'What to do; --list tells which there are; default kill-any' },
    rounds: { placeholder: 'N', help: 'How many blows fall, default 3' },
    seed: { placeholder: 'N', help: 'Repeats the choices of the drill that printed it' },
    budget: { placeholder: 'SECONDS', help: 'How long a request may take before it counts as failed, default 30' },
    json: { help: 'Print the report for programs' },
    report: { placeholder: 'FILE', help: 'Write the report as one HTML page' },
    list: { help: 'List the scenarios, and which clouds can do them' },
  },
  examples: [
    ['skykeel drill --scenario kill-controller --rounds 5', 'Five times, and a table.'],
    ['skykeel drill --rounds 20 --report drill.html', 'Anything goes; the page shows what clients saw.'],
    ['skykeel drill --scenario kill-any --seed 42 --json', 'The same choices as before, for a program.'],
    ['skykeel drill --list', 'What there is.'],
  ],
  async run({ loaded, flags, positionals }) {
    if (positionals.length > 0) throw new StartupError(`skykeel drill takes no ${positionals[0]}`, 'A scenario is named by --scenario.')
    if (flags['list']) {
      say(flags['json'] ? JSON.stringify(listed, undefined, 2) : listText())
      return 0
    }
    const scenario = flags['scenario'] ?? 'kill-any'
    const rounds = wholeNumber('rounds', flags['rounds'] ?? '3', 1)
    const budgetMs = wholeNumber('budget', flags['budget'] ?? '30', 1) * 1000
    const seed = wholeNumber('seed', flags['seed'] ?? String(Math.floor(systemIds.chance() * 1_000_000)), 0)
    const target = await runningTarget(loaded.config.stateDir)
    const possible = scenariosNamed(scenario, target, await target.processes())
    const choose = randomly(seed)
    const plan: DrillPlan = { scenario, seed, choose, next: (struck) => (struck < rounds ? choose(possible) : undefined) }

    const tell = flags['json'] ? warn : say
    tell(`Drill ${scenario}, seed ${seed}, against the ${target.kind} cloud at ${target.authUrl}`)
    const ending = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort(new Interrupted(signal)))
    try {
      const ctx = { clock: systemClock, ids: systemIds, signal: ending.signal, say: tell }
      const report = await runDrill(ctx, { target, plan, budgetMs })
      if (flags['report']) writePage(flags['report'], report)
      say(flags['json'] ? JSON.stringify(report, undefined, 2) : textOf(report))
      return allKept(report) ? 0 : 1
    } catch (error) {
      if (ending.signal.aborted) {
        warn('The drill was ended early: what it had broken is put right, and its project removed.')
        return 130
      }
      if (!(error instanceof StartupError)) throw error
      warn(`skykeel: ${error.message}\n         ${error.hint}`)
      return 1
    }
  },
}

class Interrupted extends Error {}

function wholeNumber(name: string, written: string, least: number): number {
  const value = Number(written)
  if (!Number.isInteger(value) || value < least)
    throw new StartupError(`--${name}: ${written} is no whole number from ${least} on`, 'See `skykeel drill --help`.')
  return value
}

function listText(): string {
  const width = Math.max(...listed.map(({ name }) => name.length)) + 2
  return listed.map(({ name, sentence, clouds }) => `${name.padEnd(width)}${cloudsText(clouds).padEnd(15)}${sentence}`).join('\n')
}

function writePage(path: string, report: Report): void {
  try {
    writeFileSync(path, pageOf(report))
  } catch (error) {
    warn(`skykeel: the report can't be written to ${path}: ${(error as Error).message}`)
  }
}

function textOf(report: Report): string {
  const { totals, latencyMs, orphans, notes } = report
  const verdict = allKept(report) ? 'All promises were kept.' : 'A promise was broken.'
  return [
    '',
    tableOf(rowsOf(report)),
    '',
    `${totals.attempted} requests, ${totals.changes} changes acknowledged; latency p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms, max ${latencyMs.max} ms`,
    promisesText(report),
    ...[...orphans, ...notes].map((line) => `  ${line}`),
    verdict,
  ].join('\n')
}
