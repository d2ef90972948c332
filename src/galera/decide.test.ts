import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, type NodeReport } from './decide.ts'

const at = (name: string, seqno: number | undefined, state: NodeReport['state'] = 'down'): NodeReport => ({
  name,
  state,
  position: seqno === undefined ? undefined : { uuid: 'history', seqno },
})
const all = (...reports: (NodeReport | undefined)[]) =>
  Object.fromEntries(reports.map((report, index) => [report?.name ?? `silent${index}`, report]))

describe('a Galera node without a cluster', () => {
  test('enters the cluster that is there', () => {
    expect(decide(at('c1', 9), all(at('c2', 5, 'primary'), undefined))).toEqual({ act: 'join' })
  })

  test('begins the cluster when its data go furthest', () => {
    expect(decide(at('c2', 9), all(at('c1', 5), at('c3', 8)))).toEqual({ act: 'bootstrap' })
    expect(decide(at('c1', 5), all(at('c2', 9), at('c3', 8)))).toMatchObject({ act: 'wait' })
  })

  test('waits while one node has not said where its data end: it may know more', () => {
    expect(decide(at('c2', 9), all(at('c1', 5), undefined))).toMatchObject({ act: 'wait', why: expect.stringContaining('silent1') })
  })

  test('of several new nodes only the first begins', () => {
    expect(decide(at('c1', undefined), all(at('c2', undefined), at('c3', undefined)))).toEqual({ act: 'bootstrap' })
    expect(decide(at('c2', undefined), all(at('c1', undefined), at('c3', undefined)))).toMatchObject({ act: 'wait' })
  })

  test('of equals the one that runs goes on', () => {
    expect(decide(at('c3', 7, 'lonely'), all(at('c1', 7), at('c2', 7)))).toEqual({ act: 'bootstrap' })
  })

  test('does not choose between the data of two clusters', () => {
    const strange: NodeReport = { name: 'c3', state: 'down', position: { uuid: 'other', seqno: 1 } }
    expect(decide(at('c1', 7), all(at('c2', 5), strange))).toMatchObject({
      act: 'wait',
      why: expect.stringContaining('different clusters'),
    })
  })

  test('whatever the nodes say, no two begin, and none that knows less than another', () => {
    const state = fc.constantFrom('down', 'joining', 'lonely', 'primary', 'left') satisfies fc.Arbitrary<NodeReport['state']>
    const node = fc.record({ seqno: fc.option(fc.nat(5), { nil: undefined }), state })
    fc.assert(
      fc.property(fc.array(node, { minLength: 2, maxLength: 5 }), (nodes) => {
        const reports = nodes.map(({ seqno, state: how }, index) => at(`c${index}`, seqno, how))
        const beginning = reports.filter((own) => decide(own, all(...reports.filter((other) => other !== own))).act === 'bootstrap')
        expect(beginning.length).toBeLessThanOrEqual(1)
        for (const { position } of beginning)
          expect(Math.max(...reports.map((report) => report.position?.seqno ?? -1))).toBe(position?.seqno ?? -1)
      }),
    )
  })
})
