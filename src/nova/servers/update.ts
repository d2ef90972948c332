import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { serverFor } from './find.ts'
import { changeSeenServer, serverById } from './store.ts'
import type { UpdateServerBody } from './schema.ts'
import type { ServerRow } from './tables.ts'

/** Changes what a server is called and the like. Gives the server as it is then. */
export async function updateServer(ctx: CloudContext, tx: Tx, id: string, wanted: UpdateServerBody): Promise<ServerRow> {
  const server = await serverFor(ctx, tx, id)
  await changeSeenServer(ctx, tx, server, {
    ...(wanted.name !== undefined && { name: wanted.name }),
    ...(wanted.description !== undefined && { description: wanted.description }),
    ...(wanted.hostname !== undefined && { hostname: wanted.hostname }),
    ...(wanted.accessIPv4 !== undefined && { access_ipv4: wanted.accessIPv4 }),
    ...(wanted.accessIPv6 !== undefined && { access_ipv6: wanted.accessIPv6 }),
    ...(wanted['OS-DCF:diskConfig'] && { disk_config: wanted['OS-DCF:diskConfig'] }),
  })
  return (await serverById(tx, id))!
}
