import type { Topology } from '../model.ts'

/**
 * `error`: the cloud does not work as it is written, or breaks a promise while nothing is dead.
 * `warning`: a single failure, of a host or of a zone, takes something away that more hosts would keep.
 * `note`: worth knowing; often it can't be judged from the topology.
 */
export type Severity = 'error' | 'warning' | 'note'

/** The worst first. */
export const severities: readonly Severity[] = ['error', 'warning', 'note']

/** One thing that a rule found. */
export interface Found {
  /** What it is about: a host, a role, a zone, a quorum. */
  readonly subject: string
  /** What breaks, one sentence. */
  readonly breaks: string
  /** How to mend it, one sentence. */
  readonly fix: string
}

/** One rule of `skykeel topology check`, as data. */
export interface Rule {
  readonly id: string
  readonly severity: Severity
  find(topology: Topology): readonly Found[]
}

/** One finding where something is so, none where it is not. */
export const when = (is: boolean, found: () => Found): readonly Found[] => (is ? [found()] : [])

/** Names in a sentence: c1, c2 and c3. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`

/** Hosts in a sentence. */
export const namesOf = (hosts: readonly { readonly name: string }[]): string => listed(hosts.map(({ name }) => name))
