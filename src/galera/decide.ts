/** How far a node has come: Galera's name of the cluster's history, and the number of the last change in it. */
export interface Position {
  readonly uuid: string
  readonly seqno: number
}

/** What a keeper knows of its node, and tells others. */
export interface NodeReport {
  readonly name: string
  /**
   * `down`: no mariadbd; `joining`: it runs but can't serve yet; `lonely`: it runs without a majority; `primary`: it serves;
   * `left`: it runs, but has left its cluster for good, as when it could not write what the others did.
   */
  readonly state: 'down' | 'joining' | 'lonely' | 'primary' | 'left'
  /** Where its data end; undefined where there are none. */
  readonly position: Position | undefined
  /** How many members it counts in its cluster, itself included; of a running one. */
  readonly members?: number
}

export type Decision =
  /** Enter the cluster that is there. */
  | { readonly act: 'join' }
  /** Begin the cluster: this node knows all that was ever accepted. */
  | { readonly act: 'bootstrap' }
  | { readonly act: 'wait'; readonly why: string }

const further = (one: NodeReport, other: NodeReport): number =>
  (other.position?.seqno ?? -2) - (one.position?.seqno ?? -2) ||
  // One that runs spares the others a start.
  Number(other.state === 'lonely') - Number(one.state === 'lonely') ||
  (one.name < other.name ? -1 : 1)

/**
 * What a node without a cluster does. The cluster is begun anew only when every node has said where its data end, and by the one
 * whose data go furthest: another would throw accepted changes away. So after a loss of all nodes all must be back, or a person must decide.
 * @param peers what each other node says; undefined when it can't be asked
 */
export function decide(own: NodeReport, peers: Readonly<Record<string, NodeReport | undefined>>): Decision {
  const answers = Object.values(peers)
  if (answers.some((peer) => peer?.state === 'primary')) return { act: 'join' }
  const silent = Object.keys(peers).filter((name) => !peers[name])
  if (silent.length > 0) return { act: 'wait', why: `no node serves, and ${silent.join(', ')} can't be asked how far they have come` }
  const all = [own, ...answers.map((peer) => peer!)]
  const histories = new Set(all.flatMap(({ position }) => position?.uuid ?? []))
  if (histories.size > 1) return { act: 'wait', why: 'the nodes hold data of different clusters; a person must say whose are to be kept' }
  const best = all.toSorted(further)[0]!
  if (best.name !== own.name) return { act: 'wait', why: `${best.name} has come further and will begin` }
  const busy = all.find(({ state }) => state === 'joining' || state === 'left')
  if (busy) return { act: 'wait', why: `${busy.name} is about to enter a cluster` }
  return { act: 'bootstrap' }
}
