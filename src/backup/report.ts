import type { Summary } from './backup.ts'
import type { Header } from './format.ts'

const engines: Readonly<Record<string, string>> = { postgres: 'PostgreSQL', mysql: 'MariaDB or MySQL' }

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)
const counted = (count: number, one: string): string => `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`

/** What is in an archive, in numbers. */
export function countsOf({ tables, images }: Summary): string {
  const rows = counted(sum(tables.map((table) => table.rows)), 'row')
  return `${rows} of ${counted(tables.length, 'table')}, ${counted(images.length, 'image')} of ${counted(sum(images.map(({ bytes }) => bytes)), 'byte')}`
}

/** Where an archive comes from. */
export const archiveLine = (path: string, { program, engine, takenAt, schema, sealedSecrets }: Header): string =>
  `${path} is of a cloud on ${engines[engine] ?? engine} as of ${takenAt}, by release ${program}, with the schema ${schema.at(-1) ?? 'of nothing'}, ${sealedSecrets ? 'with its sealed secret' : 'without its secret'}.`
