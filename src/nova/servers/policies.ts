import type { PolicyRule } from '../../cloud/policy.ts'

const readers = 'rule:project_reader_or_admin'
const members = 'rule:project_member_or_admin'
const admins = 'rule:context_is_admin'

const rules = (check: string, names: readonly string[]): PolicyRule[] => names.map((name) => ({ name, check }))

/** Rules about servers and what belongs to them. */
export const serverPolicies: readonly PolicyRule[] = [
  ...rules(readers, [
    'os_compute_api:servers:index',
    'os_compute_api:servers:detail',
    'os_compute_api:servers:show',
    'os_compute_api:ips:index',
    'os_compute_api:ips:show',
    'os_compute_api:server-metadata:index',
    'os_compute_api:server-metadata:show',
    'os_compute_api:os-instance-actions:list',
    'os_compute_api:os-instance-actions:show',
    'os_compute_api:os-server-tags:index',
    'os_compute_api:os-server-tags:show',
    'os_compute_api:os-attach-interfaces:list',
    'os_compute_api:os-attach-interfaces:show',
    'os_compute_api:os-security-groups:list',
  ]),
  ...rules(members, [
    'os_compute_api:servers:create',
    'os_compute_api:servers:create:attach_network',
    'os_compute_api:servers:delete',
    'os_compute_api:servers:update',
    'os_compute_api:servers:start',
    'os_compute_api:servers:stop',
    'os_compute_api:servers:reboot',
    'os_compute_api:server-metadata:create',
    'os_compute_api:server-metadata:update',
    'os_compute_api:server-metadata:update_all',
    'os_compute_api:server-metadata:delete',
    'os_compute_api:os-console-output',
    'os_compute_api:os-lock-server:lock',
    'os_compute_api:os-lock-server:unlock',
    'os_compute_api:os-server-tags:update',
    'os_compute_api:os-server-tags:update_all',
    'os_compute_api:os-server-tags:delete',
    'os_compute_api:os-server-tags:delete_all',
  ]),
  ...rules(admins, [
    'os_compute_api:servers:index:get_all_tenants',
    'os_compute_api:servers:detail:get_all_tenants',
    'os_compute_api:servers:create:forced_host',
    'compute:servers:create:requested_destination',
    'os_compute_api:servers:show:host_status',
    'os_compute_api:os-extended-server-attributes',
    'os_compute_api:os-instance-actions:events',
    'os_compute_api:os-instance-actions:events:details',
    'os_compute_api:os-lock-server:unlock:unlock_override',
  ]),
]
