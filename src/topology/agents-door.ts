import { secretOf } from './secret-of.ts'

/** Under this path controllers serve the agents of hosts, which come here while the message queue is away. */
export const agentsPrefix = '/agent'

/**
 * What the agent of a host shows there: its own, so that a host can take the orders of no other.
 * @param secret the one that controllers share
 */
export const hostKey = (secret: string, host: string): string => secretOf(secret)(`host ${host}`)
