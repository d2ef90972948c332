import { describeProblem, pythonRepr } from '../cloud/schema-words.ts'
import type { SchemaProblem } from '../kernel/errors.ts'

/** A broken schema in the words of Python's jsonschema, which glance passes on. */
export function problemText(problem: SchemaProblem): string {
  const where = problem.path.map((part) => `[${pythonRepr(part)}]`).join('')
  return `${describeProblem(problem)}\n\nFailed validating '${problem.keyword}' in schema\n\nOn instance${where}:\n    ${pythonRepr(problem.value)}`
}
