/** Why something could not be started or done, in words for the person at the terminal. */
export class StartupError extends Error {
  /** What that person can do about it: one sentence. */
  readonly hint: string

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartupError'
    this.hint = hint
  }
}
