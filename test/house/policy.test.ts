import { expect, test } from 'vitest'
import { openPolicy, type PolicyRule } from '../../src/cloud/policy.ts'
import { keystonePolicies } from '../../src/keystone/policies.ts'
import { placementPolicies } from '../../src/placement/policies.ts'
import { policies as glancePolicies } from '../../src/glance/policies.ts'
import { read } from './files.ts'
import type { Subject } from '../../src/cloud/context.ts'

const line = ['admin', 'manager', 'member', 'reader']
const upTo = (role: string) => (line.includes(role) ? line.slice(line.indexOf(role)) : [role])
const who = (role: string, place: Partial<Subject>): Subject => ({
  ...{ userId: 'me', userName: 'me', userDomainId: 'county', systemScope: false, expiresAt: new Date(0), auditIds: [] },
  ...place,
  roles: upTo(role),
})
const [project, domain, system] = [{ projectId: 'hall', projectDomainId: 'county' }, { domainId: 'county' }, { systemScope: true }]

/** Who the columns of the table are. */
const people: Readonly<Record<string, Subject>> = {
  admin: who('admin', project),
  'system reader': who('reader', system),
  'domain admin': who('admin', domain),
  'domain manager': who('manager', domain),
  'domain reader': who('reader', domain),
  manager: who('manager', project),
  member: who('member', project),
  reader: who('reader', project),
  service: who('service', project),
}

// What a rule is asked about, from what is anybody's to what is the asker's own.
const theirs = { user_id: 'other', project_id: 'other', visibility: 'private' }
const places = [
  ['all', { ...theirs, domain_id: 'other', project_domain_id: 'other' }],
  ['domain', { ...theirs, domain_id: 'county', project_domain_id: 'county' }],
  ['project', { ...theirs, project_id: 'hall', domain_id: 'county' }],
  ['own', { user_id: 'me', project_id: 'hall', domain_id: 'county' }],
] as const

const rules = new Map<string, PolicyRule>([...keystonePolicies, ...glancePolicies, ...placementPolicies].map((rule) => [rule.name, rule]))
const policy = openPolicy([...rules.values()])
const reach = (subject: Subject, rule: string) => places.find(([, target]) => policy.allows(subject, rule, target))?.[0] ?? ''

test('docs/policy.md says who may do what as the rules have it', () => {
  const rows = read('docs/policy.md')
    .split('\n')
    .filter((row) => row.startsWith('| `') || row.startsWith('| rule'))
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  const [head, ...body] = rows
  expect(head).toEqual(['rule', ...Object.keys(people)])
  expect(body.length).toBeGreaterThan(30)
  for (const [cell, ...said] of body) {
    const rule = cell!.slice(1, -1)
    expect(rules.has(rule), rule).toBe(true)
    expect([rule, ...said]).toEqual([rule, ...Object.values(people).map((subject) => reach(subject, rule))])
  }
})
