import type { Config } from '../config/settings.ts'

/** What the simulated hosts of a cloud are called. */
export const hostNames = ({ hosts, hostNames: named }: Pick<Config, 'hosts' | 'hostNames'>): string[] =>
  named === undefined ? Array.from({ length: hosts }, (_, index) => `compute-${index + 1}`) : named.split(',').map((name) => name.trim())
