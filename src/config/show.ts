import { keyOf, settingNames, settings, type Setting } from './settings.ts'
import type { Loaded } from './load.ts'

/** The effective configuration as a file that could be used as such, with each value's source; secrets are left out. */
export function showConfig({ config, sources, file }: Loaded): string {
  const lines = settingNames.flatMap((name) => {
    const { help, secret }: Setting<unknown> = settings[name]
    const value = config[name]
    const shown =
      value === undefined
        ? `# ${keyOf(name)}: not set`
        : secret
          ? `# ${keyOf(name)}: set, not shown`
          : `${keyOf(name)}: ${JSON.stringify(value)}`
    return [`# ${help} (${sources[name] ?? 'default'}).`, shown, '']
  })
  return [`# The effective configuration; file: ${file ?? 'none'}.`, '', ...lines].join('\n')
}

/** The same for programs: JSON's keys are the file's; a secret's value is only "set" or null. */
export function configAsData({ config }: Loaded): Record<string, unknown> {
  return Object.fromEntries(
    settingNames.map((name) => {
      const { secret }: Setting<unknown> = settings[name]
      const value = config[name]
      return [keyOf(name), value !== undefined && secret ? 'set' : (value ?? null)]
    }),
  )
}
