import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** Where the data of a node end that doesn't run: as it wrote on an orderly stop, else as its storage engine recovers it. */
export async function positionOnDisk(control: GaleraControl): Promise<Position | undefined> {
  const noted = parse(/uuid:\s+(\S+)/.exec(grastate(control.dataDir))?.[1], /seqno:\s+(-?\d+)/.exec(grastate(control.dataDir))?.[1])
  if (noted && noted.seqno >= 0) return noted
  const output = await recover(control)
  const [, uuid, seqno] = /Recovered position:? (\S+):(-?\d+)/.exec(output) ?? []
  return parse(uuid, seqno) ?? noted
}

function parse(uuid: string | undefined, seqno: string | undefined): Position | undefined {
  return uuid && seqno && uuid !== nobody ? { uuid, seqno: Number(seqno) } : undefined
}

/** mariadbd replays its log, says how far it came, and ends. */
function recover({ mariadbd, defaultsFile }: GaleraControl): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const child = spawn(mariadbd, [`--defaults-file=${defaultsFile}`, '--wsrep-recover', '--log-error='], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', reject)
    child.on('close', () => resolve(output))
  })
}

/** mariadbd begins a cluster only where this says that nothing can be lost by it; the decision says so. */
export function allowBootstrap({ dataDir }: GaleraControl): void {
  const text = grastate(dataDir)
  if (text) writeFileSync(join(dataDir, 'grastate.dat'), text.replace(/safe_to_bootstrap: 0/, 'safe_to_bootstrap: 1'))
}
