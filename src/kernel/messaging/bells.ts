import type { Log } from '../log.ts'
import type { Subscription } from './messaging.ts'
import { checkName } from './message-rules.ts'

/** Who listens to which role in this process. */
export interface Bells {
  add(roles: readonly string[], onRing: (role: string) => void): Subscription
  /** Tells every listener of a role. */
  rang(role: string): void
  /** Tells every listener of each of its roles: bells may have been missed. */
  rangAll(): void
  roles(): string[]
}

/** Opens an empty list of listeners. A listener that throws is logged and does not keep the others from hearing. */
export function openBells(log: Log): Bells {
  const listeners = new Set<{ roles: ReadonlySet<string>; onRing: (role: string) => void }>()
  const roles = () => [...new Set([...listeners].flatMap((listener) => [...listener.roles]))]
  const rang = (role: string) => {
    for (const listener of listeners) if (listener.roles.has(role)) tell(listener.onRing, role)
  }
  const tell = (onRing: (role: string) => void, role: string) => {
    try {
      onRing(role)
    } catch (error) {
      log.error({ role, err: error }, 'a bell listener throws')
    }
  }
  return {
    add: (names, onRing) => {
      names.forEach(checkName)
      const listener = { roles: new Set(names), onRing }
      listeners.add(listener)
      return {
        stop: async () => {
          listeners.delete(listener)
        },
      }
    },
    rang,
    rangAll: () => roles().forEach(rang),
    roles,
  }
}
