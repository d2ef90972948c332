import { parseArgs } from 'node:util'
import { suggest } from '../config/nearest.ts'
import { flagOf, type Setting, type SettingName, settings } from '../config/settings.ts'
import { StartupError } from '../config/startup-error.ts'
import type { Verb } from './verb.ts'

export interface CommandLine {
  readonly positionals: readonly string[]
  readonly flags: Readonly<Record<string, string | undefined>>
  readonly settings: Partial<Record<SettingName, string | boolean>>
  readonly configFile: string | undefined
  readonly help: boolean
}

interface Flag {
  readonly type: 'string' | 'boolean'
  readonly short?: string
}

/** Reads the arguments after a verb. Throws a StartupError for a flag that the verb does not have. */
export function readCommandLine(verb: Verb, argv: readonly string[]): CommandLine {
  const flags = flagsOf(verb)
  const { tokens } = parseArgs({
    args: withSpacedShorts(argv),
    options: flags,
    strict: false,
    allowPositionals: true,
    allowNegative: true,
    tokens: true,
  })
  const positionals: string[] = []
  const given: Record<string, string> = {}
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const { name, rawName } = token
    const flag = flags[name]
    const negative = rawName === `--no-${name}`
    if (!flag || (negative && flag.type === 'string'))
      throw new StartupError(`skykeel ${verb.name} has no option ${rawName}`, hintFor(verb, name))
    if (flag.type === 'string' && token.value === undefined)
      throw new StartupError(`The option ${rawName} needs a value`, `See \`skykeel ${verb.name} --help\`.`)
    given[name] = token.value ?? String(!negative)
  }
  const own = Object.fromEntries(Object.keys(verb.flags ?? {}).map((name) => [name, given[name]]))
  const set = Object.fromEntries(verb.settings.flatMap((name) => (given[flagOf(name)] === undefined ? [] : [[name, given[flagOf(name)]]])))
  return { positionals, flags: own, settings: set, configFile: given['config'], help: given['help'] === 'true' }
}

const common: Record<string, Flag> = { help: { type: 'boolean', short: 'h' }, config: { type: 'string' } }

function flagsOf(verb: Verb): Record<string, Flag> {
  const all: Record<string, Flag> = { ...common }
  for (const name of verb.settings) {
    const { kind }: Setting<unknown> = settings[name]
    all[flagOf(name)] = { type: kind.placeholder === '' ? 'boolean' : 'string' }
  }
  for (const [name, { short, placeholder }] of Object.entries(verb.flags ?? {}))
    all[name] = { type: placeholder ? 'string' : 'boolean', ...(short && { short }) }
  return all
}

const hintFor = (verb: Verb, written: string): string => {
  const names = Object.keys(flagsOf(verb))
  const meant = suggest(written, names, '')
  return meant ? meant.replace(/ (\S+)\?$/, ' --$1?') : `See \`skykeel ${verb.name} --help\`.`
}

// `-9` is how people write a signal to kill.
const withSpacedShorts = (argv: readonly string[]): string[] => argv.map((arg) => (/^-\d+$/.test(arg) ? `--signal=${arg.slice(1)}` : arg))
