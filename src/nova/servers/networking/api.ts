import { route } from '../../../cloud/service.ts'
import { notFound } from '../../../kernel/errors.ts'
import { ok } from '../../../kernel/http/answer.ts'
import { nicsOf, type ServerNic } from '../../../neutron/contract.ts'
import { serverFor } from '../find.ts'
import { addressesOf } from '../view.ts'
import type { CloudContext } from '../../../cloud/context.ts'
import type { Db } from '../../../kernel/sql/tables.ts'

async function nicsFor(ctx: CloudContext, db: Db, id: string): Promise<readonly ServerNic[]> {
  const server = await serverFor(ctx, db, id)
  return (await nicsOf(db, [server.id])).get(server.id) ?? []
}

const attachment = (nic: ServerNic) => ({
  port_state: nic.state,
  fixed_ips: nic.fixedIps.map((ip) => ({ subnet_id: ip.subnetId, ip_address: ip.address })),
  port_id: nic.portId,
  net_id: nic.networkId,
  mac_addr: nic.mac,
})

/** A server's addresses, interfaces and security groups: what neutron knows of it. */
export const serverNetworking = [
  route('GET /v2.1/servers/:id/ips', {
    rule: 'os_compute_api:ips:index',
    run: async (ctx, db, { params }) => ok({ addresses: addressesOf(await nicsFor(ctx, db, params.id)) }),
  }),
  route('GET /v2.1/servers/:id/ips/:network', {
    rule: 'os_compute_api:ips:show',
    run: async (ctx, db, { params }) => {
      const addresses = addressesOf(await nicsFor(ctx, db, params.id))
      if (!Object.hasOwn(addresses, params.network)) throw notFound(`Instance is not a member of specified network`)
      return ok({ [params.network]: addresses[params.network] })
    },
  }),
  route('GET /v2.1/servers/:id/os-interface', {
    rule: 'os_compute_api:os-attach-interfaces:list',
    run: async (ctx, db, { params }) => ok({ interfaceAttachments: (await nicsFor(ctx, db, params.id)).map(attachment) }),
  }),
  route('GET /v2.1/servers/:id/os-interface/:port', {
    rule: 'os_compute_api:os-attach-interfaces:show',
    run: async (ctx, db, { params }) => {
      const nic = (await nicsFor(ctx, db, params.id)).find((one) => one.portId === params.port)
      if (!nic) throw notFound(`Instance ${params.id} does not have a port with id ${params.port}`)
      return ok({ interfaceAttachment: attachment(nic) })
    },
  }),
  route('GET /v2.1/servers/:id/os-security-groups', {
    rule: 'os_compute_api:os-security-groups:list',
    run: async (ctx, db, { params }) => {
      const server = await serverFor(ctx, db, params.id)
      const nics = (await nicsOf(db, [server.id])).get(server.id) ?? []
      const groups = new Map(nics.flatMap((nic) => nic.securityGroups).map((group) => [group.id, group]))
      return ok({
        security_groups: [...groups.values()].map(({ id, name }) => ({
          id,
          name,
          description: '',
          tenant_id: server.project_id,
          rules: [],
        })),
      })
    },
  }),
]
