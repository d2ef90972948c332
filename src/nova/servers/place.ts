import { enforce, ownTarget } from '../../cloud/policy.ts'
import { invalid } from '../../kernel/errors.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { hostByName, zoneExists } from '../hosts/store.ts'
import { refusal } from '../policy-words.ts'
import type { CreateServerBody } from './schema.ts'

/** Where a server must go. */
export interface Place {
  readonly zone: string | null
  readonly host: string | null
}

/** Reads the zone or host that a request asks for. Throws `invalid` for one that there is not, `forbidden` when a host is not the asker's to choose. */
export async function placeOf(ctx: CloudContext, db: Db, server: CreateServerBody): Promise<Place> {
  const [zone, forced, node] = server.availability_zone?.split(':') ?? []
  const named = server.host ?? server.hypervisor_hostname
  const host = forced || node
  if (host) enforce(ctx, 'os_compute_api:servers:create:forced_host', ownTarget(ctx.subject), refusal)
  if (named) enforce(ctx, 'compute:servers:create:requested_destination', ownTarget(ctx.subject), refusal)
  if (host && named) throw invalid('Specifying host or hypervisor_hostname together with a host in availability_zone is not possible.')
  if (zone && !(await zoneExists(db, zone))) throw invalid('The requested availability zone is not available')
  const wanted = host || named
  if (wanted && !(await hostByName(db, wanted))) throw invalid(`Compute host ${wanted} could not be found.`)
  return { zone: zone || null, host: wanted ?? null }
}
