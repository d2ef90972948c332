import { openLog } from '../../src/kernel/log.ts'

/** A real log that says nothing unless LOG_LEVEL asks it to. */
export const quietLog = openLog({ process: 'test', level: process.env.LOG_LEVEL ?? 'silent', destination: 2 })
