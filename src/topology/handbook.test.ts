import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { analyse } from './breaks/breaks.ts'
import { breaksText, breakText } from './breaks/report.ts'
import { findingsOf } from './check/check.ts'
import { findingsText } from './check/report.ts'
import { topologyFrom } from './document.ts'
import { hostRoles, SectionSchema } from './document-schema.ts'
import { controllerRoles } from './services.ts'

const handbook = readFileSync(join(import.meta.dirname, '../../docs/topology.md'), 'utf8')
const examples = [...handbook.matchAll(/```yaml\n([^]*?)```/g)].map(([, yaml]) =>
  topologyFrom((parse(yaml!) as { topology: unknown }).topology, { file: 'skykeel.yaml', region: 'RegionOne' }),
)

test('docs/topology.md shows what the commands really say of its examples', () => {
  expect(examples).toHaveLength(2)
  for (const topology of examples) expect(handbook).toContain(findingsText(findingsOf(topology)))
  const analysis = analyse(examples[0]!, ['host', 'process', 'zone'])
  expect(handbook).toContain(breaksText(analysis))
  for (const host of ['c1', 'n1']) expect(handbook).toContain(breakText(analysis.breaks.find(({ subject }) => subject === host)!))
})

test('docs/topology.md names every key and every role', () => {
  for (const name of [...Object.keys(SectionSchema.properties), ...hostRoles, ...controllerRoles]) expect(handbook).toContain(`\`${name}\``)
})
