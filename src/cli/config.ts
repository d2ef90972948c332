import { configAsData, showConfig } from '../config/show.ts'
import { settingNames } from '../config/settings.ts'
import { say } from './terminal.ts'
import type { Verb } from './verb.ts'

export const config: Verb = {
  name: 'config',
  summary: 'Print the effective configuration, without secrets',
  description: [
    'Prints every setting with its value and where that comes from, as a file that could be used as such.',
    'Flags win over the environment (SKYKEEL_…), that over the file (skykeel.yaml in the state directory, or --config), that over the defaults.',
  ].join('\n'),
  settings: settingNames,
  flags: { json: { help: 'For programs' } },
  examples: [
    ['skykeel config', 'What holds now.'],
    ['skykeel config --controllers 3 > skykeel.yaml', 'Begin a configuration file.'],
  ],
  async run({ loaded, flags }) {
    say(flags['json'] ? JSON.stringify(configAsData(loaded)) : showConfig(loaded))
    return 0
  },
}
