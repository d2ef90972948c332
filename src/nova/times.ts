/** A time as nova writes most of them: 2026-11-22T20:35:54.000000. */
export const microTime = (time: Date): string => `${time.toISOString().slice(0, -1)}000`

/** The same, or null. */
export const microTimeOrNull = (time: Date | null): string | null => time && microTime(time)
