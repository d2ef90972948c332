import { pino } from 'pino'

/** One JSON object a line. Fields first, then a short sentence in the present tense. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  child(fields: object): Log
}

// Names under which a secret could slip into a log line; whatever stands there is replaced.
const secrets = ['password', 'adminPass', 'secret', 'token', 'authorization', 'x-auth-token', 'x-subject-token', 'private_key']
const paths = secrets.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`])

/** Opens the process's log on standard output (or `destination`, a path or a descriptor). */
export function openLog(options: { level?: string; process: string; destination?: string | number }): Log {
  return pino(
    {
      level: options.level ?? 'info',
      base: { process: options.process, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: '[secret]' },
    },
    pino.destination(options.destination ?? 1),
  )
}
