import { suggest } from '../config/nearest.ts'
import { StartupError } from '../config/startup-error.ts'

/** Which of a verb's acts was asked for, by its one positional. Throws a StartupError that names those there are. */
export function actOf<A>(verb: string, acts: Readonly<Record<string, A>>, [name = '', ...more]: readonly string[]): A {
  const act = Object.hasOwn(acts, name) ? acts[name] : undefined
  if (act !== undefined && more.length === 0) return act
  throw new StartupError(
    name === '' ? `skykeel ${verb} needs to know what to do` : `skykeel ${verb} can't ${[name, ...more].join(' ')}`,
    suggest(name, Object.keys(acts), `There are ${Object.keys(acts).join(' and ')}.`),
  )
}
