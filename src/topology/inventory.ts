import { type ServiceEntry, services } from './services.ts'
import { state, type StateEntry, type StateHome } from './state.ts'

/** Everything that a cloud consists of and all that it knows, as `skykeel topology list` shows it. */
export interface Inventory {
  readonly services: readonly ServiceEntry[]
  readonly state: readonly StatePiece[]
}

export interface StatePiece extends StateEntry {
  /** In which mode its home is made available. */
  readonly mode: string
}

// Homes that are no service.
const otherModes: Partial<Record<StateHome, string>> = {
  files: 'the same on each host',
  memory: 'each instance for itself',
  nowhere: 'there is none',
}

/** The whole inventory. */
export const inventory = (): Inventory => ({
  services,
  state: state.map((entry) => ({ ...entry, mode: otherModes[entry.home] ?? modeOf(entry.home) })),
})

const modeOf = (home: StateHome): string => services.find(({ name }) => name === home)?.mode ?? ''

/** The inventory for a terminal. */
export function inventoryText({ services, state }: Inventory): string {
  const nameWidth = Math.max(...services.map(({ name }) => name.length), ...state.map(({ name }) => name.length)) + 2
  const homeWidth = Math.max(...state.map(({ home }) => home.length)) + 2
  return [
    'SERVICES',
    ...services.flatMap(({ name, class: kind, mode, why, state: holds, availability }) => [
      '',
      `${name.padEnd(nameWidth)}${kind.padEnd(homeWidth)}${mode}`,
      `  ${why}`,
      ...(holds ? [`  It holds: ${holds}.`] : []),
      `  Made available by: ${availability}.`,
    ]),
    '',
    '',
    'STATE, AND WHERE IT LIVES',
    ...state.flatMap(({ name, home, mode, where, consequence }) => [
      '',
      `${name.padEnd(nameWidth)}${home.padEnd(homeWidth)}${mode}`,
      `  ${where}`,
      `  ${consequence}`,
    ]),
  ].join('\n')
}

/** The inventory as two tables of Markdown. */
export const inventoryMarkdown = ({ services, state }: Inventory): string =>
  [
    '## Services',
    '',
    ...table(
      ['service', 'class', 'mode', 'why', 'state that it holds', 'made available by'],
      services.map((one) => [one.name, one.class, one.mode, one.why, one.state ?? 'none', one.availability]),
    ),
    '',
    '## State',
    '',
    ...table(
      ['state', 'home', 'mode', 'where', 'what that makes of it'],
      state.map((one) => [one.name, one.home, one.mode, one.where, one.consequence]),
    ),
  ].join('\n')

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
