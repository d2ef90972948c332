import { flagOf, type Setting, settings, variableOf } from '../config/settings.ts'
import type { Verb } from './verb.ts'

/** What `skykeel help` prints. */
export function overview(verbs: readonly Verb[]): string {
  const width = Math.max(...verbs.map(({ name }) => name.length)) + 2
  return [
    'Skykeel: an OpenStack-compatible cloud that survives the death of any of its processes.',
    '',
    'Usage: skykeel VERB [options]',
    '',
    ...verbs.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    '',
    'skykeel VERB --help tells more of a verb. Begin with:  skykeel up',
    '',
  ].join('\n')
}

/** What `skykeel VERB --help` prints. */
export function helpOf(verb: Verb): string {
  const rows = [
    ...Object.entries(verb.flags ?? {}).map(([name, { short, placeholder, help }]) => [flagText(name, placeholder ?? '', short), help]),
    ...verb.settings.map((name) => {
      const { kind, help, default: fallback }: Setting<unknown> = settings[name]
      const value = fallback?.(process.env)
      const standing = value === undefined || value === false ? '' : `, default ${String(value)}`
      return [flagText(flagOf(name), kind.placeholder), `${help} (${variableOf(name)}${standing})`]
    }),
    [flagText('config', 'FILE'), 'Configuration file; default skykeel.yaml in the state directory (SKYKEEL_CONFIG)'],
    [flagText('help', '', 'h'), 'Print this'],
  ] as [string, string][]
  const width = Math.max(...rows.map(([flag]) => flag.length)) + 2
  return [
    `Usage: skykeel ${verb.name} [options]${verb.usage ? ` ${verb.usage}` : ''}`,
    '',
    verb.description,
    '',
    'Options:',
    ...rows.map(([flag, help]) => `  ${flag.padEnd(width)}${help}`),
    '',
    'Examples:',
    ...verb.examples.flatMap(([command, explanation]) => [`  ${command}`, `      ${explanation}`]),
    '',
  ].join('\n')
}

const flagText = (name: string, placeholder: string, short?: string): string =>
  `${short ? `-${short}, ` : '    '}--${name}${placeholder && ` ${placeholder}`}`
