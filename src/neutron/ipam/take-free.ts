import { changedMeanwhile } from '../refusals.ts'
import { addressAt, readAddress, type Address } from './addresses.ts'
import { countUsedIn, insertAllocation, usedIn, type Holder, type Range } from './store.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { SubnetRow } from '../tables.ts'

/** How many neighbouring addresses one look sees. */
const windowSize = 256n
/** Looks at random places before counting where room is left; enough unless a subnet is nearly full. */
const randomLooks = 4
const looks = 32

/**
 * Gives the port some free address of the subnet's pools; undefined when all are taken.
 * Looks at one small window at a random place and tries a random gap in it, so that many askers seldom want the same;
 * the allocation's key decides between those who do. When windows are full, counting halves finds the room that is
 * left: a /16 with 60 000 ports costs a few short index reads.
 */
export async function takeFree(
  ctx: Context,
  tx: Tx,
  { subnet, holder }: { subnet: SubnetRow; holder: Holder },
): Promise<Address | undefined> {
  const pools = subnet.allocation_pools_json.map((pool): Range => ({
    first: readAddress(pool.start)!.value,
    last: readAddress(pool.end)!.value,
  }))
  for (let look = 0; look < looks; look++) {
    const range = look < randomLooks ? randomWindow(ctx, pools) : await windowWithRoom(ctx, tx, subnet.id, pools)
    if (!range) return undefined
    const used = await usedIn(tx, subnet.id, range)
    const free = gaps(range, used)
    if (free.length === 0) continue
    const address = addressAt(free[Math.floor(ctx.ids.chance() * free.length)]!, subnet.ip_version)
    if (await insertAllocation(ctx, tx, { subnetId: subnet.id, address, holder })) return address
  }
  throw changedMeanwhile(`subnet ${subnet.id}`)
}

const sizeOf = ({ first, last }: Range): bigint => last - first + 1n

function randomWindow(ctx: Context, pools: readonly Range[]): Range | undefined {
  const total = pools.reduce((sum, pool) => sum + sizeOf(pool), 0n)
  if (total === 0n) return undefined
  let at = randomBelow(ctx, total)
  for (const pool of pools) {
    if (at < sizeOf(pool)) return windowAt(pool, pool.first + at)
    at -= sizeOf(pool)
  }
  return undefined
}

// A window begins at the chosen place but is never cut short by the pool's end while the pool has more before it.
function windowAt(pool: Range, at: bigint): Range {
  const latest = pool.last - windowSize + 1n
  const first = at > latest ? (latest > pool.first ? latest : pool.first) : at
  const last = first + windowSize - 1n
  return { first, last: last < pool.last ? last : pool.last }
}

function randomBelow(ctx: Context, limit: bigint): bigint {
  return BigInt(`0x${ctx.ids.bytes(24).toString('hex')}`) % limit
}

async function windowWithRoom(ctx: Context, tx: Tx, subnetId: string, pools: readonly Range[]): Promise<Range | undefined> {
  const hasRoom = async (range: Range) => (await countUsedIn(tx, subnetId, range)) < sizeOf(range)
  for (const pool of pools) {
    if (!(await hasRoom(pool))) continue
    let range = pool
    while (sizeOf(range) > windowSize) {
      const middle = range.first + sizeOf(range) / 2n
      const halves: Range[] = [
        { first: range.first, last: middle - 1n },
        { first: middle, last: range.last },
      ]
      // Askers go different ways, or all would meet in the first gap.
      const [one, other] = ctx.ids.chance() < 0.5 ? halves : halves.toReversed()
      range = (await hasRoom(one!)) ? one! : other!
    }
    return range
  }
  return undefined
}

function gaps({ first, last }: Range, used: ReadonlySet<bigint>): bigint[] {
  const free: bigint[] = []
  for (let value = first; value <= last; value++) if (!used.has(value)) free.push(value)
  return free
}
