/** What the simulated hosts of a cloud are called. */
export const hostNames = (count: number): string[] => Array.from({ length: count }, (_, index) => `compute-${index + 1}`)
