import { adoptNode, type Orders, recipeOf, spawnNode } from './node-process.ts'
import type { Part, Running } from './part.ts'
import type { PlannedProcess, Urls } from './plan.ts'
import { endProcess, endOf } from './processes.ts'
import { processOf, type RosterEntry } from './roster.ts'

/**
 * Makes a part of one of our own programs. Its process is spawned at once and loads its code while `urls` are still awaited. The first start
 * adopts the process that `before` names if it was started in the same way, and replaces it otherwise.
 */
export function nodePart(
  { roles, program, orders, single }: PlannedProcess,
  { urls, before, version }: { urls: Promise<Urls>; before: RosterEntry | undefined; version: string },
): Part {
  let left = before
  let recipe = ''
  const same = (given: Orders) => (recipe = recipeOf(program, given, version))
  return {
    name: program.name,
    roles,
    single,
    get recipe() {
      return recipe
    },
    async start(): Promise<Running> {
      const orphan = left
      left = undefined
      if (orphan && processOf(orphan)) {
        const adopted = await adoptOrEnd(orphan, same(orders(await urls)))
        if (adopted) return adopted
      }
      const spawned = spawnNode(program)
      try {
        const given = orders(await urls)
        same(given)
        return await spawned.begin(given)
      } catch (error) {
        await spawned.abandon()
        throw error
      }
    },
  }

  async function adoptOrEnd(orphan: RosterEntry, wanted: string): Promise<Running | undefined> {
    const found = processOf(orphan)
    if (!found) return undefined
    if (orphan.recipe === wanted && orphan.state !== 'stopping' && !found.frozen) return adoptNode(orphan, program)
    await endProcess(found.pid, { first: 'SIGTERM', timeoutMs: 3_000, exited: endOf(found) })
    return undefined
  }
}
