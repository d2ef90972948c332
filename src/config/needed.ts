import { type Config, flagOf, keyOf, type SettingName, variableOf } from './settings.ts'
import { StartupError } from './startup-error.ts'

/** The value of a setting that has no default and must be given here. */
export function needed<N extends SettingName>(config: Config, name: N): NonNullable<Config[N]> {
  const value = config[name]
  if (value === undefined || value === null) {
    throw new StartupError(
      `The setting ${keyOf(name)} is missing`,
      `Give it as --${flagOf(name)}, as ${variableOf(name)}, or as ${keyOf(name)} in the configuration file.`,
    )
  }
  return value
}
