import type { Chance } from './chance.ts'
import type { Blow, DeedKind, Play } from './stage.ts'

/** A blow that was dealt. */
export interface Dealt {
  readonly blow: Blow
  readonly kind: DeedKind
  readonly name: string
}

interface Plan {
  readonly from: number
  readonly blow: Blow
  /** The deed that it waits for; any when left out. */
  readonly kind: DeedKind | undefined
}

const blows: readonly Blow[] = [
  'dies before',
  'dies before',
  'dies after',
  'dies after',
  'line breaks before',
  'line breaks after',
  'freezes',
]
// Moments at which much is at stake come up more often than they would by chance.
const kinds: readonly (DeedKind | undefined)[] = [undefined, undefined, undefined, 'commit', 'commit', 'send', 'guest', 'note', 'ack']

/** About how many deeds a schedule has before it is quiet. */
const busyDeeds = 200

/** Plans up to four blows at moments of chance. `dealt` tells those that came to pass. */
export function planBlows(chance: Chance, dealt: Dealt[]): Pick<Play, 'blow' | 'freezeMs'> {
  const plans: Plan[] = Array.from({ length: chance.below(5) }, () => ({
    from: chance.below(busyDeeds),
    blow: chance.oneOf(blows),
    kind: chance.oneOf(kinds),
  }))
  return {
    blow({ life, kind, number }) {
      const at = plans.findIndex((plan) => plan.from <= number && (plan.kind ?? kind) === kind)
      if (at < 0) return undefined
      const [{ blow }] = plans.splice(at, 1) as [Plan]
      dealt.push({ blow, kind, name: life.name })
      return blow
    },
    freezeMs: () => 500 + chance.below(25_000),
  }
}
