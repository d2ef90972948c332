import { loginMethods, type Method } from './payload.ts'

type Options = Readonly<Record<string, unknown>>

/** Ways to log in, each as the methods that it takes together: what an administrator asks of a user. None: any method does. */
export function factorRules(options: Options): Method[][] {
  if (options['multi_factor_auth_enabled'] === false) return []
  const rules = (options['multi_factor_auth_rules'] ?? []) as string[][]
  // As in keystone, a method that there is not is not asked for: nobody is locked out by a rule that nobody can keep.
  return rules.map((rule) => loginMethods.filter((method) => rule.includes(method)))
}

/** Whether these methods are enough. */
export const isEnough = (rules: readonly (readonly Method[])[], methods: readonly Method[]): boolean =>
  rules.length === 0 || rules.some((rule) => rule.every((method) => methods.includes(method)))
