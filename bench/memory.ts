import { readFileSync } from 'node:fs'

/** The memory of a process as Linux charges it (PSS), in MiB. */
export function pssMbOf(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024
}

const everyMs = 50

/** How much more memory a process has at most while something is done than just before, in MiB; and what the act gives. */
export async function growthDuring<T>(pid: number, act: () => Promise<T>): Promise<{ growthMb: number; result: T }> {
  const before = pssMbOf(pid)
  let most = before
  const look = () => (most = Math.max(most, pssMbOf(pid)))
  const timer = setInterval(look, everyMs)
  try {
    const result = await act()
    look()
    return { growthMb: most - before, result }
  } finally {
    clearInterval(timer)
  }
}
