import { suggest } from '../config/nearest.ts'
import { StartupError } from '../config/startup-error.ts'
import { helpOf, overview } from './help.ts'
import { say } from './terminal.ts'
import { allVerbs, publicVerbs, verbNamed } from './verbs.ts'
import type { Verb } from './verb.ts'

export const help: Verb = {
  name: 'help',
  summary: 'Say what the verbs do',
  usage: '[VERB]',
  description: 'Lists the verbs, or tells everything about one.',
  settings: [],
  examples: [['skykeel help up', 'The same as skykeel up --help.']],
  async run({ positionals: [name] }) {
    if (name === undefined) {
      say(overview(await allVerbs()))
      return 0
    }
    const verb = await verbNamed(name)
    if (!verb) throw new StartupError(`There is no verb ${name}`, suggest(name, publicVerbs, '`skykeel help` lists the verbs.'))
    say(helpOf(verb))
    return 0
  },
}
