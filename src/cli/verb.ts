import type { Loaded } from '../config/load.ts'
import type { SettingName } from '../config/settings.ts'

/** A flag of one verb alone, beside the settings. */
export interface VerbFlag {
  readonly help: string
  readonly short?: string
  /** What stands for its value in help; a switch has none. */
  readonly placeholder?: string
}

/** What a verb is given to work with. */
export interface Call {
  readonly positionals: readonly string[]
  /** The verb's own flags, as written; a switch is 'true'. */
  readonly flags: Readonly<Record<string, string | undefined>>
  readonly loaded: Loaded
  /** The arguments after the verb, as they were written. */
  readonly argv: readonly string[]
}

/** One verb of the command, as data: help and checks derive from it. */
export interface Verb {
  readonly name: string
  /** One line without a full stop. */
  readonly summary: string
  /** What stands after the verb and the options: [NAME]. */
  readonly usage?: string
  readonly description: string
  readonly settings: readonly SettingName[]
  readonly flags?: Readonly<Record<string, VerbFlag>>
  /** The exit code when it can't begin: 1 unless that says something else. */
  readonly errorCode?: number
  readonly examples: readonly (readonly [command: string, explanation: string])[]
  /** Resolves with the exit code. */
  run(call: Call): Promise<number>
}
