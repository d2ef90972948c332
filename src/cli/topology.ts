import { suggest } from '../config/nearest.ts'
import { StartupError } from '../config/startup-error.ts'
import { readTopology } from '../config/topology.ts'
import { analyse } from '../topology/breaks/breaks.ts'
import { breaksAsData, breaksText, breakText } from '../topology/breaks/report.ts'
import { findingsOf } from '../topology/check/check.ts'
import { findingsText } from '../topology/check/report.ts'
import { inventory, inventoryMarkdown, inventoryText } from '../topology/inventory.ts'
import { say } from './terminal.ts'
import type { Call, Verb } from './verb.ts'

const actions: Record<string, (call: Call) => Promise<number>> = { check, breaks, list }

export const topology: Verb = {
  name: 'topology',
  summary: 'Judge a cloud on several machines: single points of failure, what breaks if something dies',
  usage: 'check|breaks|list [HOST|HOST/PROCESS|ZONE]',
  description: [
    '`check` says what the section `topology` of the configuration file would not survive, and how to mend it; it ends with 1 when there are errors.',
    '`breaks` says for each host, process and zone what is lost when it dies, who takes over and about when; with a name, for that one in full.',
    '`list` shows every service and every piece of state, whether it is stateless, why, and how it is made available; it needs no topology.',
  ].join('\n'),
  settings: ['stateDir'],
  flags: {
    json: { help: 'For programs' },
    pairs: { help: 'breaks: each pair of hosts too' },
    markdown: { help: 'list: as tables of Markdown' },
  },
  examples: [
    ['skykeel topology check --config skykeel.yaml', 'Before the machines are bought.'],
    ['skykeel topology breaks', 'What each death would take along.'],
    ['skykeel topology breaks c1/haproxy', 'One of them in full.'],
    ['skykeel topology breaks c1 c2', 'Two hosts at once.'],
    ['skykeel topology list --markdown', 'For a handbook.'],
  ],
  async run(call) {
    const [action = ''] = call.positionals
    const names = Object.keys(actions)
    if (!Object.hasOwn(actions, action))
      throw new StartupError(
        action ? `There is no \`skykeel topology ${action}\`` : 'skykeel topology needs to know what to do',
        suggest(action, names, `There is: ${names.join(', ')}.`),
      )
    return actions[action]!(call)
  },
}

async function check({ loaded, flags }: Call): Promise<number> {
  const findings = findingsOf(await readTopology(loaded))
  say(flags['json'] ? JSON.stringify({ findings }) : findingsText(findings))
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0
}

async function breaks({ loaded, flags, positionals: [, ...names] }: Call): Promise<number> {
  const topology = await readTopology(loaded)
  const analysis = analyse(topology, flags['pairs'] || names.length > 1 ? undefined : ['host', 'process', 'zone'])
  if (names.length === 0) {
    say(flags['json'] ? JSON.stringify(breaksAsData(analysis)) : breaksText(analysis))
    return 0
  }
  const subjects = new Set([names.join(' + '), names.toReversed().join(' + ')])
  const found = analysis.breaks.filter(({ subject }) => subjects.has(subject))
  if (!found[0])
    throw new StartupError(
      `The topology has no ${names.join(' and ')} that could die`,
      suggest(
        names.join(' + '),
        analysis.breaks.map(({ subject }) => subject),
        'Name a host, a process as HOST/PROCESS, a zone, or two hosts; `skykeel topology breaks` lists them.',
      ),
    )
  say(flags['json'] ? JSON.stringify(breaksAsData({ ...analysis, breaks: found })) : breakText(found[0]))
  return 0
}

async function list({ flags }: Call): Promise<number> {
  const all = inventory()
  say(flags['json'] ? JSON.stringify(all) : flags['markdown'] ? inventoryMarkdown(all) : inventoryText(all))
  return 0
}
