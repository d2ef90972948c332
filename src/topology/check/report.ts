import type { Finding } from './check.ts'
import { severities, type Severity } from './rule.ts'

const headings = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  note: ['note', 'notes'],
} satisfies Record<Severity, readonly [one: string, more: string]>

/** Findings for a terminal, by severity; each says what breaks and how to mend it. */
export function findingsText(findings: readonly Finding[]): string {
  const groups = severities
    .map((severity) => ({ severity, found: findings.filter((one) => one.severity === severity) }))
    .filter(({ found }) => found.length > 0)
  const counts = severities.map((severity) => counted(severity, findings.filter((one) => one.severity === severity).length))
  return [
    ...groups.flatMap(({ severity, found }) => [
      headings[severity][1].toUpperCase(),
      '',
      ...found.flatMap(({ rule, subject, breaks, fix }) => [`  ${subject} (${rule})`, `    ${breaks}`, `    ${fix}`, '']),
    ]),
    counts.join(', '),
  ].join('\n')
}

const counted = (severity: Severity, count: number): string => `${count} ${headings[severity][count === 1 ? 0 : 1]}`
