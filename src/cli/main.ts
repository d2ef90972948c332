import './quick-imports.ts'
import { StartupError } from '../config/startup-error.ts'
import { say, warn } from './terminal.ts'
import { readCommandLine } from './command-line.ts'
import type { Verb } from './verb.ts'
import { publicVerbs, verbNamed } from './verbs.ts'

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => explain(error))

async function main([first, ...rest]: readonly string[]): Promise<number> {
  const name = first === undefined || first === '--help' || first === '-h' ? 'help' : first === '--version' ? 'version' : first
  const verb = await verbNamed(name)
  if (!verb) {
    const { suggest } = await import('../config/nearest.ts')
    throw new StartupError(`There is no verb ${name}`, suggest(name, publicVerbs, '`skykeel help` lists the verbs.'))
  }
  return runVerb(verb, rest).catch((error: unknown) => explain(error, verb.errorCode))
}

async function runVerb(verb: Verb, rest: readonly string[]): Promise<number> {
  const line = readCommandLine(verb, rest)
  if (line.help) {
    const { helpOf } = await import('./help.ts')
    say(helpOf(verb))
    return 0
  }
  const { loadConfig } = await import('../config/load.ts')
  const loaded = await loadConfig({ env: process.env, cwd: process.cwd(), flags: line.settings, configFile: line.configFile })
  if (!process.env['SKYKEEL_SUPERVISED']) for (const warning of loaded.warnings) warn(warning)
  return verb.run({ positionals: line.positionals, flags: line.flags, loaded, argv: rest })
}

// A person gets a sentence and a hint; anything else is a bug, whose trace helps.
function explain(error: unknown, code = 1): number {
  if (error instanceof StartupError) {
    warn(`skykeel: ${error.message}\n         ${error.hint}`)
    return code
  }
  warn(`skykeel: this should not happen: ${error instanceof Error ? error.stack : String(error)}`)
  return 1
}
