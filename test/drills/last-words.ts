import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const troubles = /error|fatal|fail|panic|refused|denied|cannot|can't/i

/** What the units of a lab complained of at last, each line with its log: a few of each, those without complaints left out. */
export function lastWordsOf(hostsDir: string): string[] {
  return globSync('*/log/*', { cwd: hostsDir })
    .toSorted()
    .flatMap((log) => {
      const lines = readFileSync(join(hostsDir, log), 'utf8').trimEnd().split('\n').slice(-40)
      return lines
        .filter((line) => troubles.test(line))
        .slice(-3)
        .map((line) => `  ${log.replace('/log/', '/')}: ${line.slice(0, 300)}`)
    })
}
