import { invalid } from '../../kernel/errors.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { readAddress } from '../ipam/addresses.ts'
import { portById } from '../ports/store.ts'
import { holds, readPrefix } from '../prefixes.ts'
import { allocationOnNetwork } from './store.ts'
import type { SubnetRow } from '../tables.ts'

/** Refuses an address for a server that is in none of the network's subnets or is taken, in nova's words. */
export async function assertFree(
  db: Db,
  networkId: string,
  { subnets, text }: { subnets: readonly SubnetRow[]; text: string },
): Promise<void> {
  const address = readAddress(text)
  if (!address || !subnets.some((subnet) => holds(readPrefix(subnet.cidr)!, address.text))) {
    throw invalid(`Fixed IP ${text} is not a valid ip address for network ${networkId}.`)
  }
  const taken = await allocationOnNetwork(db, networkId, address.text)
  if (!taken) return
  const holder = (await portById(db, taken.port_id))?.device_id ?? ''
  throw invalid(`Fixed IP address ${address.text} is already in use on instance ${holder}.`, { type: 'FixedIpAlreadyInUse' })
}
