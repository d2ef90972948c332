import { readdirSync, readFileSync } from 'node:fs'

/** Signals a process and all that descend from it, the parent first, so that none can notice and react in between. Gone ones are skipped. */
export function signalTree(pid: number, signal: NodeJS.Signals) {
  for (const one of processTree(pid)) {
    try {
      process.kill(one, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

/** A process and all that descend from it. */
export const processTree = (pid: number): number[] => [pid, ...descendants(pid)]

function descendants(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(name) : undefined
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const below = (one: number): number[] => (children.get(one) ?? []).flatMap((child) => [child, ...below(child)])
  return below(pid)
}

function parentOf(pid: string): number | undefined {
  try {
    // The second field is the command in brackets and may itself hold brackets and blanks; the parent is the second field after it.
    return Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[1])
  } catch {
    return undefined
  }
}
