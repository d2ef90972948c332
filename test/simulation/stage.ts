import type { Clock } from '../../src/kernel/clock.ts'
import type { Chance } from './chance.ts'

/** What a process does to the world beyond its own memory. */
export type DeedKind = 'statement' | 'commit' | 'send' | 'ack' | 'delivery' | 'bell' | 'guest' | 'note'

export interface DeedSpec<T> {
  readonly kind: DeedKind
  readonly what: string
  run(): Promise<T> | T
  /** Whether it waits for a lock that only another deed can free. Deeds without it never wait. */
  isBlocked?(): Promise<boolean>
  /** What the doer is told when the line breaks instead of an answer; the world is put right before. */
  broken?(): Promise<Error> | Error
}

interface Deed extends DeedSpec<any> {
  readonly life: Life
  resolve(value: any): void
  reject(error: unknown): void
}

/** A process from its start to its death: what it does happens on the stage, one deed at a time, or not at all. */
export interface Life {
  readonly name: string
  readonly mortal: boolean
  readonly clock: Clock
  isAlive(): boolean
  isFrozen(): boolean
  /** Resolves when it dies. */
  readonly death: Promise<void>
  /** Does something when its turn comes. Never settles once the process is dead. */
  deed<T>(spec: DeedSpec<T>): Promise<T>
}

/** What befalls the doer of a deed. */
export type Blow = 'dies before' | 'dies after' | 'line breaks before' | 'line breaks after' | 'freezes'

export interface Play {
  readonly chance: Chance
  /** Decides what befalls the next deed. */
  blow(deed: { readonly life: Life; readonly kind: DeedKind; readonly what: string; readonly number: number }): Blow | undefined
  /** How long one that freezes stays so, in milliseconds. */
  freezeMs(): number
}

interface Timer {
  readonly at: number
  readonly life: Life | undefined
  readonly fire: () => void
}

interface Waiting {
  readonly deed: Deed
  readonly outcome: Outcome
}

interface Outcome {
  readonly promise: Promise<unknown>
  settled: boolean
}

/** Where virtual time begins. */
export const epochMs = Date.UTC(2031, 0, 1)

/**
 * Runs processes on one virtual clock, one deed at a time; chance chooses whose. Between two deeds every process runs until it waits
 * for its next, so a seed tells the whole story.
 */
export class Stage {
  nowMs = 0
  deeds = 0
  readonly trace: string[] = []
  readonly #play: Play
  #ready: Deed[] = []
  #waiting: Waiting[] = []
  #timers: Timer[] = []
  readonly #dead = new Set<Life>()
  readonly #deaths = new Map<Life, () => void>()
  readonly #frozenUntil = new Map<Life, number>()
  readonly #onDeath: ((life: Life) => Promise<void> | void)[] = []
  readonly #onTime: (() => Promise<void> | void)[] = []
  /** How much later than at its time something may happen, in milliseconds: fewer, larger moments of rest. */
  readonly #slackMs: number
  #last: Life | undefined
  readonly #steadiness: number

  constructor(play: Play) {
    this.#play = play
    this.#slackMs = play.chance.oneOf([50, 500, 2000])
    this.#steadiness = play.chance.oneOf([0, 0.4, 0.8])
  }

  get chance(): Chance {
    return this.#play.chance
  }

  /** Begins a life. Only a mortal one may die. */
  life(name: string, { mortal = true } = {}): Life {
    let died = () => {}
    const life: Life = {
      death: new Promise((resolve) => (died = resolve)),
      name,
      mortal,
      clock: {
        now: () => new Date(epochMs + this.nowMs),
        monotonicMs: () => this.nowMs,
        sleep: (ms, signal) => this.#sleep(life, ms, signal),
      },
      isAlive: () => !this.#dead.has(life),
      isFrozen: () => this.nowMs < (this.#frozenUntil.get(life) ?? 0),
      deed: (spec) => new Promise((resolve, reject) => life.isAlive() && this.#ready.push({ ...spec, life, resolve, reject })),
    }
    this.#deaths.set(life, died)
    return life
  }

  onDeath(act: (life: Life) => Promise<void> | void): void {
    this.#onDeath.push(act)
  }

  onTime(act: () => Promise<void> | void): void {
    this.#onTime.push(act)
  }

  /** Calls back at a virtual time from now. */
  later(ms: number, fire: () => void): void {
    this.#timers.push({ at: this.nowMs + ms, life: undefined, fire })
  }

  #sleep(life: Life, ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error)
      const timer: Timer = { at: this.nowMs + ms, life, fire: resolve }
      this.#timers.push(timer)
      signal?.addEventListener('abort', () => {
        this.#timers = this.#timers.filter((one) => one !== timer)
        reject(signal.reason as Error)
      })
    })
  }

  /** Ends a life at this moment: whatever it was about to do is not done. */
  async kill(life: Life): Promise<void> {
    this.say(life, 'dies')
    await this.#bury(life)
    this.#deaths.get(life)!()
    await settle()
    await this.#review()
  }

  async #bury(life: Life): Promise<void> {
    this.#dead.add(life)
    this.#ready = this.#ready.filter((deed) => deed.life !== life)
    this.#timers = this.#timers.filter((timer) => timer.life !== life)
    this.#waiting = this.#waiting.filter(({ deed }) => deed.life !== life)
    for (const act of this.#onDeath) await act(life)
  }

  /** Ends all that still lives. */
  async end(): Promise<void> {
    for (const life of this.#deaths.keys()) if (life.isAlive()) await this.#bury(life)
  }

  say(life: Life | undefined, what: string): void {
    this.trace.push(`${(this.nowMs / 1000).toFixed(3).padStart(8)} ${life?.name ?? 'world'}: ${what}`)
  }

  /** Lets the play go on until `atRest` is true at a moment when nobody has anything to do. False: not within the bounds. */
  async run(atRest: () => Promise<boolean> | boolean, { withinMs, deeds }: { withinMs: number; deeds: number }): Promise<boolean> {
    await settle()
    while (this.nowMs < withinMs && this.deeds < deeds) {
      if (this.chance.happens(0.005)) await this.#advance(this.chance.below(300))
      const able = this.#ready.filter((deed) => !deed.life.isFrozen())
      if (able.length > 0) await this.#perform(this.#choose(able))
      else if (await atRest()) return true
      else await this.#rest()
    }
    return false
  }

  #choose(able: readonly Deed[]): Deed {
    const same = able.filter((deed) => deed.life === this.#last)
    const deed = this.chance.oneOf(same.length > 0 && this.chance.happens(this.#steadiness) ? same : able)
    this.#last = deed.life
    this.#ready.splice(this.#ready.indexOf(deed), 1)
    return deed
  }

  async #perform(deed: Deed): Promise<void> {
    const blow = deed.life.mortal ? this.#play.blow({ life: deed.life, kind: deed.kind, what: deed.what, number: this.deeds }) : undefined
    this.deeds++
    this.say(deed.life, blow ? `${deed.what}   *** ${blow}` : deed.what)
    if (blow === 'dies before') return this.kill(deed.life)
    if (blow === 'freezes') {
      this.#frozenUntil.set(deed.life, this.nowMs + this.#play.freezeMs())
      this.#ready.push(deed)
      return
    }
    if (blow === 'line breaks before' && deed.broken) return this.#break(deed)
    const outcome = track(deed.run())
    await this.#outcomeOf(deed, outcome)
    if (blow === 'dies after') return this.kill(deed.life)
    if (!outcome.settled) this.#waiting.push({ deed, outcome })
    else if (blow === 'line breaks after' && deed.broken) await this.#break(deed)
    else await this.#settleWith(deed, outcome.promise)
  }

  async #break(deed: Deed): Promise<void> {
    deed.reject(await deed.broken!())
    await settle()
    await this.#review()
  }

  async #settleWith(deed: Deed, result: Promise<unknown>): Promise<void> {
    await result.then(deed.resolve, deed.reject)
    await settle()
    if (deed.kind === 'commit') await this.#review()
  }

  /** Waits until the deed is done, or is sure to wait for another. */
  async #outcomeOf(deed: Deed, outcome: Outcome): Promise<void> {
    while (!outcome.settled) {
      await soon(outcome.promise)
      if (!outcome.settled && (await deed.isBlocked?.())) return
    }
  }

  /** Looks which of those that wait can go on, now that locks are free. */
  async #review(): Promise<void> {
    for (let before = -1; before !== this.#waiting.length;) {
      before = this.#waiting.length
      for (const { deed, outcome } of this.#waiting) await this.#outcomeOf(deed, outcome)
      for (const { deed, outcome } of this.#waiting.filter((one) => one.outcome.settled))
        this.#ready.push({ ...deed, what: `${deed.what} (after a wait)`, run: () => outcome.promise })
      this.#waiting = this.#waiting.filter((one) => !one.outcome.settled)
    }
  }

  /** Nobody can do anything now: lets time pass until somebody can. */
  async #rest(): Promise<void> {
    const due = this.#timers.map((timer) => this.#dueAt(timer))
    const thaws = this.#ready.map((deed) => this.#frozenUntil.get(deed.life) ?? 0)
    const next = Math.min(...due, ...thaws)
    if (Number.isFinite(next)) await this.#advance(Math.max(0, next - this.nowMs) + this.chance.below(this.#slackMs))
    else if (this.#waiting.length === 0) throw new Error('nobody will ever do anything again')
    else await this.#advance(100)
  }

  #dueAt({ at, life }: Timer): number {
    return Math.max(at, (life && this.#frozenUntil.get(life)) ?? 0)
  }

  async #advance(ms: number): Promise<void> {
    this.nowMs += ms
    const due = this.#timers.filter((timer) => this.#dueAt(timer) <= this.nowMs)
    this.#timers = this.#timers.filter((timer) => !due.includes(timer))
    for (const timer of due) timer.fire()
    for (const act of this.#onTime) await act()
    await this.#review()
    await settle()
  }
}

/** Every process runs until it waits for something outside of itself. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function track(work: unknown): Outcome {
  const outcome: Outcome = { promise: Promise.resolve(work), settled: false }
  const done = () => {
    outcome.settled = true
  }
  outcome.promise.then(done, done)
  return outcome
}

/** Resolves when the work is done, or after a moment. */
async function soon(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const moment = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, 2)
  })
  await Promise.race([work.catch(() => {}), moment])
  clearTimeout(timer)
}
