import type { Route } from '../kernel/http/route.ts'
import { floatingIps } from './floating-ips/api.ts'
import { routers } from './routers/api.ts'
import { securityGroupRules } from './security-group-rules/api.ts'
import { securityGroups } from './security-groups/api.ts'

/** The routes of security groups, routers and floating IPs. */
export const routingRoutes: readonly Route[] = [...securityGroups, ...securityGroupRules, ...routers, ...floatingIps]
