import type { Topology } from '../model.ts'
import { computeRules } from './compute-rules.ts'
import { controllerRules } from './controller-rules.ts'
import { databaseRules } from './database-rules.ts'
import { frontRules } from './front-rules.ts'
import { quorumRules } from './quorum-rules.ts'
import { type Found, type Rule, severities, type Severity } from './rule.ts'
import { zoneRules } from './zone-rules.ts'

/** One thing that a topology does not survive, or that is worth knowing of it. */
export interface Finding extends Found {
  readonly rule: string
  readonly severity: Severity
}

/** Every rule of `skykeel topology check`. */
export const rules: readonly Rule[] = [...frontRules, ...controllerRules, ...databaseRules, ...quorumRules, ...computeRules, ...zoneRules]

/** What the rules find in a topology, the worst first. Pure. */
export const findingsOf = (topology: Topology): readonly Finding[] =>
  severities.flatMap((severity) =>
    rules
      .filter((rule) => rule.severity === severity)
      .flatMap(({ id, find }) => find(topology).map((found) => ({ rule: id, severity, ...found }))),
  )
