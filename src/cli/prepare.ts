import { prepareDatabase } from '../embedded/prepare.ts'
import { supervised } from '../embedded/supervisor/supervised.ts'
import { needed } from '../config/needed.ts'
import { placeOfImages } from '../config/place-of-images.ts'
import { say } from './terminal.ts'
import type { Verb } from './verb.ts'

export const prepare: Verb = {
  name: 'prepare',
  summary: 'Make the tables of a database, or bring them up to date, and seed a new cloud',
  description: [
    'For clouds on several machines: run it once per release, before the controllers of that release. Controllers of the release before go on.',
    'A new cloud gets users, projects, the catalog, flavors, networks and an image; what is there stays as it is. Harmless to repeat.',
  ].join('\n'),
  settings: ['database', 'messaging', 'secret', 'adminPassword', 'imageFolder', 'imageBucket', 'region', 'logLevel'],
  examples: [
    [
      'skykeel prepare --database mysql://skykeel:secret@db/skykeel --admin-password …',
      'The cloud secret comes from SKYKEEL_SECRET or the file.',
    ],
  ],
  async run({ loaded }) {
    const parent = supervised()
    const config = parent ? (await parent.orders).config : loaded.config
    try {
      const applied = await prepareDatabase({
        databaseUrl: needed(config, 'database'),
        messagingUrl: config.messaging ?? needed(config, 'database'),
        secret: needed(config, 'secret'),
        password: needed(config, 'adminPassword'),
        images: placeOfImages(config),
        region: config.region,
        logLevel: config.logLevel,
      })
      if (!parent) say(applied.length > 0 ? `Applied: ${applied.join(', ')}.` : 'The database is up to date.')
      parent?.ready()
      return 0
    } catch (error) {
      parent?.problem(error)
      throw error
    }
  },
}
