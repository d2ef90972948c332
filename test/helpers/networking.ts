import { forWork, type Context } from '../../src/kernel/context.ts'
import { transaction } from '../../src/kernel/sql/transaction.ts'
import { createPort, type NewPort } from '../../src/neutron/ports/create.ts'
import { deletePort } from '../../src/neutron/ports/delete.ts'
import type { Tx } from '../../src/kernel/sql/tables.ts'
import type { TestCloud, UserName } from './a-cloud.ts'

const api = '/networking/v2.0'

/** Makes networks, subnets, ports and routers of a cloud, for tests of what hangs on them. */
export function networking(cloud: TestCloud) {
  const inTransaction = <T>(fn: (ctx: Context, tx: Tx) => Promise<T>): Promise<T> => {
    const ctx = forWork(cloud.ctx, 'req-test')
    return transaction(ctx, 'test', (tx) => fn(ctx, tx))
  }
  const make = async (user: UserName, collection: string, name: string, fields: object): Promise<any> => {
    const { status, body } = await cloud.as(user).post(`${api}/${collection}`, { [name]: fields })
    if (status !== 201) throw new Error(`${name} was not made: ${JSON.stringify(body)}`)
    return body[name]
  }
  const network = async (fields: object = {}, user: UserName = 'demo'): Promise<any> =>
    make(user, 'networks', 'network', { name: 'n', ...fields })
  const subnet = async (network_id: string, cidr: string, fields: object = {}, user: UserName = 'demo'): Promise<any> =>
    make(user, 'subnets', 'subnet', { network_id, cidr, ip_version: cidr.includes(':') ? 6 : 4, ...fields })
  return {
    network,
    subnet,
    router: async (fields: object = {}, user: UserName = 'demo'): Promise<any> => make(user, 'routers', 'router', { name: 'r', ...fields }),
    floatingIp: async (fields: object, user: UserName = 'demo'): Promise<any> => make(user, 'floatingips', 'floatingip', fields),
    /** A network that leads outside, of the admin, with one subnet. */
    async external(cidr: string, fields: object = {}): Promise<{ network: any; subnet: any }> {
      const made = await network({ 'router:external': true }, 'admin')
      return { network: made, subnet: await subnet(made.id, cidr, { enable_dhcp: false, ...fields }, 'admin') }
    },
    /** A port of demo's. */
    port: (fields: Omit<NewPort, 'projectId'>, projectId = cloud.projectId('demo')) =>
      inTransaction((ctx, tx) => createPort(ctx, tx, { projectId, ...fields })),
    dropPort: (id: string) => inTransaction((ctx, tx) => deletePort(ctx, tx, id)),
    inTransaction,
  }
}
