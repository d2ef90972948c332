/** Where a process listens: by role, '' for everything that it serves. */
export type Ports = Readonly<Record<string, number>>

/** A process that runs. */
export interface Running {
  readonly pid: number
  readonly ports: Ports
  /** Resolves with how it ended, in words. */
  readonly exited: Promise<string>
  /** Asks it to end, waits, and ends it by force when it takes longer than its part allows. */
  stop(): Promise<void>
}

/** One part of the cloud that shall always run. */
export interface Part {
  readonly name: string
  readonly roles: readonly string[]
  /** Differs when the part would be started differently. */
  readonly recipe: string
  /** There is no other like it: a frozen one is replaced, since nobody stands in for it. */
  readonly single: boolean
  /** Starts it, or adopts it; resolves once it serves. Rejects with a StartupError when it can't. */
  start(): Promise<Running>
}
