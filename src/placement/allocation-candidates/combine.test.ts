import { describe, expect, test } from 'vitest'
import { candidatesOf } from './combine.ts'
import type { CandidateRequest, RequestGroup } from './request.ts'
import type { Tree, TreeProvider } from './tree.ts'

const none = { required: [], forbidden: [], memberOf: [], notMemberOf: [] }
const group = (suffix: string, resources: Record<string, number>, more: Partial<RequestGroup> = {}): RequestGroup => ({
  suffix,
  resources,
  ...none,
  ...more,
})
const asks = (groups: RequestGroup[], more: Partial<CandidateRequest> = {}): CandidateRequest => ({
  groups,
  isolate: false,
  root: none,
  sameSubtrees: [],
  ...more,
})

const provider = (
  id: string,
  parentId: string | null,
  amounts: Record<string, number>,
  more: Partial<TreeProvider> = {},
): TreeProvider => ({
  id,
  parentId,
  rootId: 'host',
  stocks: Object.fromEntries(
    Object.entries(amounts).map(([name, total]) => [
      name,
      { total, reserved: 0, minUnit: 1, maxUnit: total, stepSize: 1, allocationRatio: 1, capacity: total, used: 0 },
    ]),
  ),
  traits: [],
  aggregates: [],
  ...more,
})

const host = provider('host', null, { VCPU: 8 }, { traits: ['COMPUTE_NODE'], aggregates: ['rack'] })
const cards = [provider('card1', 'host', { NIC: 2 }, { traits: ['RED'] }), provider('card2', 'host', { NIC: 2 }, { traits: ['BLUE'] })]
const disks = provider('disks', null, { DISK_GB: 1000 }, { rootId: 'disks', traits: ['SSD'] })
const tree: Tree = { root: host, own: [host, ...cards], sharing: [disks] }

const found = (request: CandidateRequest) => [...candidatesOf(tree, request)].map(({ allocations }) => allocations)

describe('ways to satisfy a request', () => {
  test('resources without a group come from anywhere in the tree or from what is shared with it', () => {
    expect(found(asks([group('', { VCPU: 1, DISK_GB: 10 })]))).toEqual([{ host: { VCPU: 1 }, disks: { DISK_GB: 10 } }])
    expect(found(asks([group('', { NIC: 1 })]))).toEqual([{ card1: { NIC: 1 } }, { card2: { NIC: 1 } }])
    expect(found(asks([group('', { NIC: 3 })]))).toEqual([])
  })

  test('their traits may be anywhere among those who give; forbidden ones nowhere', () => {
    expect(found(asks([group('', { VCPU: 1, NIC: 1 }, { required: [['COMPUTE_NODE'], ['BLUE']] })]))).toEqual([
      { host: { VCPU: 1 }, card2: { NIC: 1 } },
    ])
    expect(found(asks([group('', { VCPU: 1, NIC: 1 }, { forbidden: ['RED'] })]))).toEqual([{ host: { VCPU: 1 }, card2: { NIC: 1 } }])
    expect(found(asks([group('', { NIC: 1 }, { required: [['COMPUTE_NODE']] })]))).toEqual([])
    expect(found(asks([group('', { NIC: 1 }, { required: [['BLUE', 'GREEN']] })]))).toEqual([{ card2: { NIC: 1 } }])
  })

  test('the root lends its aggregates to the unnamed group, not to the named ones', () => {
    expect(found(asks([group('', { NIC: 1 }, { memberOf: [['rack']] })]))).toHaveLength(2)
    expect(found(asks([group('1', { NIC: 1 }, { memberOf: [['rack']] })]))).toEqual([])
    expect(found(asks([group('', { VCPU: 1 }, { notMemberOf: ['rack'] })]))).toEqual([])
  })

  test('a group comes from one provider, and isolated groups from different ones', () => {
    const two = [group('1', { NIC: 1 }), group('2', { NIC: 1 })]
    expect(found(asks(two))).toEqual([
      { card1: { NIC: 2 } },
      { card1: { NIC: 1 }, card2: { NIC: 1 } },
      { card2: { NIC: 1 }, card1: { NIC: 1 } },
      { card2: { NIC: 2 } },
    ])
    expect(found(asks(two, { isolate: true }))).toHaveLength(2)
    expect(found(asks([group('1', { NIC: 2 }), group('2', { NIC: 1 })]))).toEqual([
      { card1: { NIC: 2 }, card2: { NIC: 1 } },
      { card2: { NIC: 2 }, card1: { NIC: 1 } },
    ])
    expect(found(asks([group('1', { NIC: 1, VCPU: 1 })]))).toEqual([])
  })

  test('the answer says which group is served by whom', () => {
    const request = asks([group('', { VCPU: 1 }), group('_NET', { NIC: 1 }, { required: [['RED']] })])
    expect([...candidatesOf(tree, request)]).toEqual([
      { allocations: { host: { VCPU: 1 }, card1: { NIC: 1 } }, mappings: { '': ['host'], _NET: ['card1'] } },
    ])
  })

  test('the root, the tree and the subtree may be asked for', () => {
    expect(found(asks([group('', { VCPU: 1 })], { root: { required: [['COMPUTE_NODE']], forbidden: [] } }))).toHaveLength(1)
    expect(found(asks([group('', { VCPU: 1 })], { root: { required: [], forbidden: ['COMPUTE_NODE'] } }))).toEqual([])
    expect(found(asks([group('', { VCPU: 1 }, { inTree: 'card1' })]))).toHaveLength(1)
    expect(found(asks([group('', { DISK_GB: 1 }, { inTree: 'card1' })]))).toEqual([])
    const groups = [group('_A', { NIC: 1 }), group('_B', {}, { required: [['RED']] })]
    expect(found(asks(groups, { sameSubtrees: [['_A', '_B']] }))).toEqual([{ card1: { NIC: 1 } }])
    const below = [group('_A', { NIC: 1 }), group('_B', { VCPU: 1 })]
    expect(found(asks(below, { sameSubtrees: [['_A', '_B']] }))).toHaveLength(2)
    expect(found(asks([group('_A', { NIC: 1 }), group('_B', { NIC: 1 })], { sameSubtrees: [['_A', '_B']], isolate: true }))).toEqual([])
  })
})
