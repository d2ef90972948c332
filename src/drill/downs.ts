import type { Look, ServiceName } from './ledger.ts'

/** A moment at which a service that had been up was seen down. */
export interface Down extends ServiceName {
  readonly atMs: number
}

/** Each time that somebody was taken for dead. Who was already when the looking began is not among them. */
export const downsIn = (looks: readonly Look[]): Down[] =>
  looks
    .slice(1)
    .flatMap(({ atMs, down }, before) =>
      down.filter((one) => !looks[before]!.down.some((other) => nameOf(other) === nameOf(one))).map((one) => ({ ...one, atMs })),
    )

/** A service in words. */
export const nameOf = ({ program, host }: ServiceName): string => `${program} on ${host}`

/** Whether a fault that silences what it strikes struck the process that speaks for a service, or the machine of that process. */
export function isSilenced({ program, host }: ServiceName, { target, maySilence = false }: { target: string; maySilence?: boolean }) {
  const speaker = program === 'nova-compute' ? program : 'controller'
  const struck = maySilence ? target.split(/ \+ |, /) : []
  // One agent of an embedded cloud speaks for all of its hosts, and has the name of none.
  return struck.some(
    (name) => name === host || name === `${host}/${speaker}` || (speaker !== 'controller' && name.startsWith(`${speaker}-`)),
  )
}
