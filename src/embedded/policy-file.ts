import { readFileSync } from 'node:fs'
import { StartupError } from '../config/startup-error.ts'

/** Reads a policy.yaml as oslo.policy has it: rule → check. Throws a StartupError for anything else. */
export async function readPolicies(path: string): Promise<Record<string, string>> {
  const { parse } = await import('yaml') // Few clouds have such a file.
  let document: unknown
  try {
    document = parse(readFileSync(path, 'utf8')) ?? {}
  } catch (error) {
    throw new StartupError(
      `The policy file ${path} can't be read: ${(error as Error).message.split('\n')[0]}`,
      'Correct it, or leave policy_file out.',
      { cause: error },
    )
  }
  const rules = typeof document === 'object' && document !== null ? Object.entries(document) : []
  const wrong = rules.find(([, check]) => typeof check !== 'string')
  if (Array.isArray(document) || typeof document !== 'object' || wrong) {
    throw new StartupError(
      `The policy file ${path} must hold lines like "compute:get: role:reader"${wrong ? `, but ${wrong[0]} is no text` : ''}`,
      'Put the checks in quotes.',
    )
  }
  return Object.fromEntries(rules) as Record<string, string>
}
