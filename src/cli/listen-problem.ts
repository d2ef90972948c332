import type { Config } from '../config/settings.ts'
import { StartupError } from '../config/startup-error.ts'

/** Makes of a failure to listen a sentence for the person at the terminal; other errors stay as they are. */
export function explainListen(error: unknown, { host, port }: Pick<Config, 'host' | 'port'>): unknown {
  const { code } = error as NodeJS.ErrnoException
  const taken = error as { port?: number; address?: string }
  const at = `${taken.address ?? host}:${taken.port ?? port}`
  const reasons: Record<string, [string, string]> = {
    EADDRINUSE: [
      `Port ${taken.port ?? port} of ${taken.address ?? host} is taken`,
      'Stop what listens there, or choose another port with --port (0 for any free one).',
    ],
    EACCES: [`This user may not listen on ${at}`, 'Choose a port above 1023 with --port.'],
    EADDRNOTAVAIL: [`This machine has no address ${taken.address ?? host}`, 'Choose one of its own with --host; 0.0.0.0 means all.'],
    ENOTFOUND: [`The host ${host} is not known`, 'Choose an address of this machine with --host.'],
  }
  const reason = code ? reasons[code] : undefined
  return reason && !(error instanceof StartupError) ? new StartupError(...reason, { cause: error }) : error
}
