/** A time as neutron writes it: 2026-11-22T20:16:07Z. */
export const wireTime = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`
