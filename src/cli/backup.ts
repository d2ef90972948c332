import { resolve } from 'node:path'
import { StartupError } from '../config/startup-error.ts'
import { backUp } from '../backup/backup.ts'
import { archiveLine, countsOf } from '../backup/report.ts'
import { verifyArchive } from '../backup/restore.ts'
import { readPassphrase, secretsOf } from '../backup/secrets-of.ts'
import { withOwnDatabase } from '../embedded/own-database.ts'
import { stateDirAt } from '../embedded/supervisor/state-dir.ts'
import { version } from '../embedded/version.ts'
import { openLog } from '../kernel/log.ts'
import { say } from './terminal.ts'
import type { Verb } from './verb.ts'

export const backup: Verb = {
  name: 'backup',
  summary: 'Write the whole cloud into one file, while it works',
  description: [
    'Writes the database, as it is at one moment, and the bytes of images into one file, which `skykeel restore` reads on any database.',
    "The cloud's secret goes along only when a passphrase seals it. Guests live on their hosts and are not in it.",
  ].join('\n'),
  settings: ['stateDir', 'database', 'imageFolder', 'imageBucket', 'secret'],
  flags: {
    out: { placeholder: 'FILE', help: 'Where the archive goes; nothing may be there' },
    'passphrase-file': { placeholder: 'FILE', help: "Seals the cloud's secret into the archive; the first line counts" },
    'without-images': { help: 'Leave the bytes of images out' },
    verify: { placeholder: 'FILE', help: 'Make no backup: read this one to its end, and say whether it is whole' },
  },
  examples: [
    ['skykeel backup --out cloud.skykeel --passphrase-file ~/passphrase', 'The cloud of this machine, with its secret.'],
    [
      'skykeel backup --database postgresql://me:secret@db1,db2/skykeel --image-folder /srv/images --out cloud.skykeel',
      'A cloud on several machines.',
    ],
    ['skykeel backup --verify cloud.skykeel', 'Is every byte as it was written?'],
  ],
  async run({ loaded: { config }, flags }) {
    const { verify, out } = flags
    if (verify !== undefined) {
      const { header, summary } = await verifyArchive(resolve(verify))
      say(`${archiveLine(verify, header)}\nIt is whole: ${countsOf(summary)}.`)
      return 0
    }
    if (out === undefined) throw new StartupError('skykeel backup needs to know where to', 'Give --out FILE.')
    const dir = stateDirAt(config.stateDir)
    const passphrase = flags['passphrase-file'] === undefined ? undefined : readPassphrase(flags['passphrase-file'])
    const withoutImages = flags['without-images'] !== undefined || config.imageBucket !== undefined
    const work = (databaseUrl: string) =>
      backUp({
        databaseUrl,
        // What fails is thrown.
        log: openLog({ process: 'backup', level: 'silent', destination: 2 }),
        out: resolve(out),
        imageFolder: withoutImages ? undefined : (config.imageFolder ?? dir.images),
        secrets: secretsOf(dir, config),
        passphrase,
        program: version(),
      })
    const summary = await (config.database === undefined ? withOwnDatabase(dir, work) : work(config.database))
    say(`${out}: ${countsOf(summary)}, as of ${summary.takenAt}.`)
    if (config.imageBucket !== undefined)
      say('The bytes of images are not in it: they stay in their bucket, which needs a backup of its own.')
    say(
      passphrase === undefined
        ? `The secret of the cloud is not in it. Without ${config.secret ? 'that' : dir.secrets} it is of no use: keep a copy of both, in different places.`
        : 'The secret of the cloud is sealed in it by the passphrase.',
    )
    return 0
  },
}
