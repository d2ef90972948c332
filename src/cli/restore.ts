import { resolve } from 'node:path'
import { StartupError } from '../config/startup-error.ts'
import { archiveLine, countsOf } from '../backup/report.ts'
import { restore as restoreArchive, verifyArchive } from '../backup/restore.ts'
import { planSecrets, readPassphrase } from '../backup/secrets-of.ts'
import { withStoppedCloud } from '../embedded/own-database.ts'
import { stateDirAt } from '../embedded/supervisor/state-dir.ts'
import { openLog } from '../kernel/log.ts'
import { say } from './terminal.ts'
import type { Verb } from './verb.ts'

export const restore: Verb = {
  name: 'restore',
  summary: 'Make a cloud what it was at the time of a backup',
  usage: 'FILE',
  description: [
    'Reads an archive of `skykeel backup` into an empty database: that of the state directory, or the one of --database. The cloud must be stopped.',
    'A damaged archive, one of a newer release, and a database that holds a cloud are refused. What was done since the backup is forgotten:',
    'hosts remove the guests of servers that the restored cloud does not know.',
  ].join('\n'),
  settings: ['stateDir', 'database', 'imageFolder', 'imageBucket', 'secret'],
  flags: {
    'passphrase-file': {
      placeholder: 'FILE',
      help: "Opens the cloud's secret in the archive, which goes to secrets.json in the state directory",
    },
    'without-images': { help: 'Leave the bytes of images alone' },
    force: { help: 'Replace the cloud that is there' },
  },
  examples: [
    ['skykeel restore cloud.skykeel --passphrase-file ~/passphrase && skykeel up', 'On a new machine.'],
    ['skykeel down && skykeel restore cloud.skykeel --force && skykeel up', 'Back to the time of the backup.'],
    [
      'skykeel restore cloud.skykeel --database mysql://me:secret@db/skykeel --image-folder /srv/images',
      'From one kind of database to another.',
    ],
  ],
  async run({ loaded: { config }, flags, positionals: [file] }) {
    if (file === undefined) throw new StartupError('skykeel restore needs the archive', 'Give the file that `skykeel backup --out` wrote.')
    const dir = stateDirAt(config.stateDir)
    const force = flags['force'] === 'true'
    const passphrase = flags['passphrase-file'] === undefined ? undefined : readPassphrase(flags['passphrase-file'])
    const archive = resolve(file)
    const { header } = await verifyArchive(archive)
    const secrets = planSecrets(dir, { header, config, passphrase, force })
    say(archiveLine(file, header))
    const imageFolder =
      header.withImages && !flags['without-images'] && config.imageBucket === undefined ? (config.imageFolder ?? dir.images) : undefined
    const work = async (databaseUrl: string) => {
      // What fails is thrown. A connection that breaks because its server is stopped behind it is nothing to be told of.
      const log = openLog({ process: 'restore', level: 'silent', destination: 2 })
      const summary = await restoreArchive({ archive, databaseUrl, log, imageFolder, force })
      secrets.carryOut()
      return summary
    }
    const summary = await (config.database === undefined ? withStoppedCloud(dir, work) : work(config.database))
    say(`Restored: ${countsOf(summary)}. ${secrets.note}`)
    say(`What was done after ${summary.takenAt} is forgotten, and hosts will remove guests of servers made since.`)
    return 0
  },
}
