import { version as number } from '../embedded/version.ts'
import { say } from './terminal.ts'
import type { Verb } from './verb.ts'

export const version: Verb = {
  name: 'version',
  summary: 'Print the version',
  description: 'Prints the version of Skykeel.',
  settings: [],
  examples: [['skykeel version', 'Such as 0.2.0.']],
  async run() {
    say(number())
    return 0
  },
}
