import { readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { StartupError } from '../config/startup-error.ts'
import type { planHost } from '../topology/render/host.ts'
import type { Layout } from '../topology/unit.ts'
import { run } from './command.ts'

/** The folder of this very program. */
export const ownProgram = join(import.meta.dirname, '../..')

/** The command `skykeel` of the program in a folder. */
export const commandOf = (program: string): string => join(program, 'bin/skykeel')

/** An older program may have to install its dependencies first, in milliseconds. */
const installMs = 300_000

/** The version of the program in a folder, which is made ready to run. Throws a StartupError when there is none. */
export async function versionIn(program: string): Promise<string> {
  try {
    return (await run([commandOf(program), 'version'], { timeoutMs: installMs })).trim().split('\n').at(-1)!
  } catch (error) {
    throw new StartupError(
      `${program} holds no program that runs: ${(error as Error).message}`,
      'Name the folder of a checkout or of an unpacked release: the one that has bin/skykeel in it.',
      { cause: error },
    )
  }
}

/** What writes the files of hosts in the program in a folder: an older one does not know settings that came later. */
export async function rendererOf(program: string): Promise<typeof planHost> {
  return ((await import(join(program, 'src/topology/render/host.ts'))) as { planHost: typeof planHost }).planHost
}

// A host starts everything of ours through a link in its folder, as a real one does through what its packages put in place.
const linkOf = ({ skykeel }: Layout): string => resolve(skykeel, '../..')

/** The folder of the program that a host starts from now on. What runs already stays as it is. */
export const programOn = (layout: Layout): string => readlinkSync(linkOf(layout))

/** Gives a host another program. */
export function giveProgram(layout: Layout, program: string): void {
  const link = linkOf(layout)
  // Renamed into place: there is never a moment without one.
  rmSync(`${link}.new`, { force: true })
  symlinkSync(program, `${link}.new`)
  renameSync(`${link}.new`, link)
}
