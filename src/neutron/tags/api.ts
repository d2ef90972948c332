import { visibleFloatingIp } from '../floating-ips/update.ts'
import { visibleNetwork } from '../networks/visible.ts'
import { visiblePort } from '../ports/visible.ts'
import { visibleRouter } from '../routers/visible.ts'
import { visibleGroup } from '../security-groups/visible.ts'
import { visibleSubnet } from '../subnets/visible.ts'
import { tagRoutes } from './routes.ts'

/** Tags of everything that has standard attributes. */
export const tags = [
  ...tagRoutes('networks', { table: 'neutron_networks', find: visibleNetwork }),
  ...tagRoutes('subnets', { table: 'neutron_subnets', find: visibleSubnet }),
  ...tagRoutes('ports', { table: 'neutron_ports', find: visiblePort }),
  ...tagRoutes('routers', { table: 'neutron_routers', find: visibleRouter }),
  ...tagRoutes('floatingips', { table: 'neutron_floating_ips', find: visibleFloatingIp }),
  ...tagRoutes('security-groups', { table: 'neutron_security_groups', find: visibleGroup }),
]
