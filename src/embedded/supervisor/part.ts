/** A process that runs. */
export interface Running {
  readonly pid: number
  readonly port?: number
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
  /** Starts it, or adopts it; resolves once it serves. Rejects with a StartupError when it can't. */
  start(): Promise<Running>
}
