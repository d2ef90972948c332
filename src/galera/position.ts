import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from '../kernel/run-program.ts'
import type { GaleraControl } from './control.ts'
import type { Position } from './decide.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

const grastate = (dataDir: string): string => {
  try {
    return readFileSync(join(dataDir, 'grastate.dat'), 'utf8')
  } catch {
    return ''
  }
}

/**
 * Where the data of a node end that doesn't run: as it wrote on an orderly stop, else as its storage engine recovers it. Undefined where there
 * are none. Rejects when that can't be told: a node that is taken for one without data would let another begin the cluster that knows less.
 */
export async function positionOnDisk(control: GaleraControl): Promise<Position | undefined> {
  const text = grastate(control.dataDir)
  const noted = parse(/uuid:\s+(\S+)/.exec(text)?.[1], /seqno:\s+(-?\d+)/.exec(text)?.[1])
  if (noted && noted.seqno >= 0) return noted
  const output = await recover(control)
  const [, uuid, seqno] = /Recovered position:? (\S+):(-?\d+)/.exec(output) ?? []
  if (!uuid) throw new Error(`mariadbd does not tell where its data end: ${output.trim().slice(-2000)}`)
  return parse(uuid, seqno)
}

function parse(uuid: string | undefined, seqno: string | undefined): Position | undefined {
  return uuid && seqno && uuid !== nobody ? { uuid, seqno: Number(seqno) } : undefined
}

/** mariadbd replays its log, says on its error output how far it came, and ends. With `--log-error=` it would say nothing. */
const recover = ({ mariadbd, defaultsFile }: GaleraControl): Promise<string> =>
  mustRun([mariadbd, `--defaults-file=${defaultsFile}`, '--wsrep-recover'])

/** mariadbd begins a cluster only where this says that nothing can be lost by it; the decision says so. */
export function allowBootstrap({ dataDir }: GaleraControl): void {
  const text = grastate(dataDir)
  if (text) writeFileSync(join(dataDir, 'grastate.dat'), text.replace(/safe_to_bootstrap: 0/, 'safe_to_bootstrap: 1'))
}
