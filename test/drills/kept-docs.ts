import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { besideOpenStack } from './beside-openstack.ts'
import { type CloudRecord, keptRecords } from './kept.ts'
import { keptPage } from './kept-page.ts'
import { keptReadme, promisesTable } from './kept-tables.ts'

const root = join(import.meta.dirname, '../..')

/** What in docs/high-availability.md is written by this program, each between two marks of its name. */
const blocks: Readonly<Record<string, (records: readonly CloudRecord[]) => string>> = {
  promises: promisesTable,
  'beside OpenStack': besideOpenStack,
}

/** Every file that follows from what is kept: path from the root, and text. */
export function keptDocs(records = keptRecords()): [path: string, text: string][] {
  const guide = 'docs/high-availability.md'
  const pages = records.map((record): [string, string] => [`docs/drills/${record.cloud}.html`, keptPage(record)])
  return [['docs/drills/README.md', keptReadme(records)], ...pages, [guide, filled(readFileSync(join(root, guide), 'utf8'), records)]]
}

/** Writes them. */
export const writeKeptDocs = (): void => {
  for (const [path, text] of keptDocs()) writeFileSync(join(root, path), text)
}

function filled(text: string, records: readonly CloudRecord[]): string {
  return Object.entries(blocks).reduce((all, [name, write]) => {
    const [begin, end] = [`<!-- ${name}: written by npm run drill:full -->`, `<!-- end of ${name} -->`]
    const [from, to] = [all.indexOf(begin), all.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`no block ${name} is marked`)
    return `${all.slice(0, from + begin.length)}\n${write(records)}\n${all.slice(to)}`
  }, text)
}
