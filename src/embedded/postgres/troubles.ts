import { StartupError } from '../../config/startup-error.ts'

interface Trouble {
  readonly sign: RegExp
  tell(where: { dataDir: string; port: number }): [message: string, hint: string]
}

// What PostgreSQL, initdb and cp write when the machine, and not we, are to blame.
const troubles: readonly Trouble[] = [
  {
    sign: /could not bind .*Address already in use|could not create any TCP\/IP sockets/s,
    tell: ({ port }) => [
      `Port ${port} of 127.0.0.1 is taken, so PostgreSQL can't listen there`,
      'Stop what listens there, or choose another port.',
    ],
  },
  {
    sign: /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/,
    tell: ({ dataDir }) => [
      `The disk that holds ${dataDir} is full`,
      'Free at least 200 MB there, or choose another place with --state-dir.',
    ],
  },
  {
    sign: /Read-only file system|EROFS/,
    tell: ({ dataDir }) => [`${dataDir} lies on a file system that can only be read`, 'Choose another place with --state-dir.'],
  },
  {
    sign: /Permission denied|EACCES|EPERM|Operation not permitted|has wrong ownership/,
    tell: ({ dataDir }) => [
      `PostgreSQL may not use ${dataDir}`,
      'Give the directory to the user that Skykeel runs as, or choose another with --state-dir.',
    ],
  },
  {
    sign: /ENOTDIR|EEXIST|Not a directory/,
    tell: ({ dataDir }) => [`${dataDir} can't be made: a file is in its way`, 'Choose another place with --state-dir.'],
  },
  {
    sign: /Unix-domain socket path .* is too long/,
    tell: ({ dataDir }) => [`The path ${dataDir} is too long for a socket`, 'Choose a shorter one with --state-dir.'],
  },
  {
    sign: /Cannot allocate memory|could not (map anonymous shared memory|fork)/,
    tell: () => [
      'There is not enough memory to start PostgreSQL',
      'It needs about 100 MB; end something else, or raise the limit of the container.',
    ],
  },
  {
    sign: /database files are incompatible/,
    tell: ({ dataDir }) => [
      `${dataDir} was made by another PostgreSQL`,
      'Use the release that made it, or start with a fresh state directory.',
    ],
  },
]

/** Makes of a failure while PostgreSQL is set up or started an error for the person at the terminal. */
export function explain(error: unknown, where: { dataDir: string; port: number }): StartupError {
  if (error instanceof StartupError) return error
  const text = error instanceof Error ? `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}` : String(error)
  const known = troubles.find(({ sign }) => sign.test(text))
  if (known) return new StartupError(...known.tell(where), { cause: error })
  return new StartupError(`PostgreSQL can't be started: ${lastLines(text.trim())}`, 'Its log tells more: `skykeel logs postgres`.', {
    cause: error,
  })
}

const lastLines = (text: string): string => text.split('\n').slice(-5).join('\n')
