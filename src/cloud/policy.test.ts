import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holds, parseCheck, type Target } from './check-string.ts'
import { enforce, openPolicy, ownTarget, sharedRules } from './policy.ts'
import type { Subject } from './context.ts'

const subject = (more: Partial<Subject> = {}): Subject => ({
  userId: 'u',
  userName: 'demo',
  userDomainId: 'default',
  projectId: 'p',
  projectDomainId: 'default',
  systemScope: false,
  roles: ['member', 'reader'],
  expiresAt: new Date(0),
  auditIds: [],
  ...more,
})
const says = (check: string, target: Target = {}, who = subject()) =>
  holds(parseCheck(check), { subject: who, target, rule: (name) => name === 'yes' })

describe('a policy check', () => {
  test.each<[check: string, answer: boolean]>([
    ['', true],
    ['@', true],
    ['!', false],
    ['role:member', true],
    ['role:MEMBER', true],
    ['role:admin', false],
    ['not role:admin', true],
    ['not not role:admin', false],
    ['rule:yes and not rule:no', true],
    ['role:admin or role:member and role:reader', true],
    ['(role:admin or role:member) and role:admin', false],
    ['role:member AND role:reader', true],
    ['project_id:%(project_id)s', true],
    ['project_id:%(owner.project)s', true],
    ['project_id:p', true],
    ['user_id:%(user_id)s', false],
    ['user_id:%(missing)s', false],
    ["'public':%(visibility)s", true],
    ["'private':%(visibility)s", false],
    ['role:%(wanted)s', true],
    ['system_scope:all', false],
    ['domain_id:None', true],
    ['not project_id:None', true],
    ['unknown_word:None', false],
    ['is_admin:True', false],
    ['unknown_word:x', false],
  ])('%j says %s', (check, answer) => {
    const target = { project_id: 'p', user_id: 'other', visibility: 'public', wanted: 'Reader', owner: { project: 'p' }, empty: null }
    expect(says(check, target)).toBe(answer)
  })

  test.each([
    '(',
    ')',
    'role:member)',
    '(role:member',
    'and',
    'role:a and',
    'role:a role:b',
    'not',
    'nonsense',
    ':x',
    'role:a or or role:b',
  ])('%j can not be read, and the error quotes it', (check) => {
    expect(() => parseCheck(check)).toThrow(check)
  })

  test('means what and, or and not mean, however they are nested', () => {
    interface Tree {
      readonly text: string
      readonly value: boolean
    }
    const leaf: fc.Arbitrary<Tree> = fc.constantFrom(
      { text: '@', value: true },
      { text: '!', value: false },
      { text: 'role:member', value: true },
      { text: 'rule:no', value: false },
    )
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        leaf,
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({ text: `(${a.text} and ${b.text})`, value: a.value && b.value })),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({ text: `( ${a.text} or ${b.text} )`, value: a.value || b.value })),
        tie('tree').map((a) => ({ text: `not ${a.text}`, value: !a.value })),
      ),
    }))
    fc.assert(
      fc.property(tree, ({ text, value }) => {
        expect(says(text)).toBe(value)
      }),
    )
  })

  test('is refused or read, never anything else, whatever it says', () => {
    const words = fc.constantFrom('role:x', '(', ')', 'and', 'or', 'not', '@', '!', '%(a)s', "'x':%(a)s", ':', '%', 'a:%(b.c)s', ' ')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(words).map((some) => some.join(' ')),
          fc.string(),
        ),
        (text) => {
          let check
          try {
            check = parseCheck(text)
          } catch (error) {
            expect((error as Error).message).toContain('can not be read')
            return
          }
          expect(typeof holds(check, { subject: subject(), target: {}, rule: () => false })).toBe('boolean')
        },
      ),
    )
  })
})

describe('a policy', () => {
  const policy = openPolicy([
    { name: 'see', check: 'rule:project_reader_or_admin' },
    { name: 'round', check: 'rule:trip' },
    { name: 'trip', check: 'rule:round' },
  ])

  test('follows rules of rules', () => {
    expect(policy.allows(subject(), 'see', { project_id: 'p' })).toBe(true)
    expect(policy.allows(subject(), 'see', { project_id: 'other' })).toBe(false)
    expect(policy.allows(subject({ roles: ['admin'] }), 'see', { project_id: 'other' })).toBe(true)
  })

  test('allows nothing by rules that nobody declared, or that go round in circles', () => {
    expect(policy.allows(subject({ roles: ['admin'] }), 'unheard of', {})).toBe(false)
    expect(policy.allows(subject({ roles: ['admin'] }), 'round', {})).toBe(false)
  })

  test('is what the operator says, rule by rule', () => {
    const own = openPolicy(
      [
        { name: 'see', check: '@' },
        { name: 'keep', check: '!' },
      ],
      { see: 'rule:ours', ours: 'role:auditor' },
    )
    expect(own.allows(subject(), 'see', {})).toBe(false)
    expect(own.allows(subject({ roles: ['auditor'] }), 'see', {})).toBe(true)
    expect(own.allows(subject({ roles: ['auditor'] }), 'keep', {})).toBe(false)
    expect(() => openPolicy([], { see: 'role:a and' })).toThrow('role:a and')
  })

  test('gives a project nothing of another, by any shared rule without admin', () => {
    const projectRules = sharedRules.filter((rule) => rule.name.startsWith('project_'))
    fc.assert(
      fc.property(
        fc.constantFrom(...projectRules),
        fc.subarray(['manager', 'member', 'reader']),
        fc.uuid(),
        fc.uuid(),
        (rule, roles, own, other) => {
          fc.pre(own !== other)
          expect(policy.allows(subject({ roles, projectId: own }), rule.name, { project_id: other })).toBe(false)
        },
      ),
    )
  })

  test('gives a token without a project nothing that belongs to none', () => {
    const { projectId: _, ...unscoped } = subject()
    expect(policy.allows(unscoped, 'see', ownTarget(unscoped))).toBe(false)
    expect(policy.allows(unscoped, 'see', { project_id: undefined })).toBe(false)
  })

  test('refuses in the words of the service', () => {
    const ctx = { subject: subject(), policy }
    expect(() => enforce(ctx, 'see')).not.toThrow()
    expect(() => enforce(ctx, 'see', { project_id: 'x' }, (rule) => `not ${rule}`)).toThrow(
      expect.objectContaining({ kind: 'forbidden', message: 'not see' }),
    )
  })
})
