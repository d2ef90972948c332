import { kernel } from './0001-kernel.ts'
import { keystone } from './0002-keystone.ts'
import { nova } from './0007-nova.ts'
import { placement } from './0004-placement.ts'
import { novaServers } from './0008-nova-servers.ts'
import { addressHolders } from './0009-address-holders.ts'
import { keptMessages } from './0010-kept-messages.ts'
import { silentServices } from './0011-silent-services.ts'
import { applicationCredentials } from './0012-application-credentials.ts'
import { trusts } from './0013-trusts.ts'
import { policyDocuments } from './0014-policy-documents.ts'
import { endpointFilters } from './0015-endpoint-filters.ts'
import { domainConfig } from './0016-domain-config.ts'
import { oauth } from './0017-oauth.ts'
import { federation } from './0018-federation.ts'
import { metadefs } from './0019-metadefs.ts'
import { securityCompliance } from './0020-security-compliance.ts'
import { revocationEvents } from './0021-revocation-events.ts'
import { glanceTasks } from './0022-glance-tasks.ts'
import { glanceQuotas } from './0023-glance-quotas.ts'
import { glance } from './0003-glance.ts'
import { neutron } from './0005-neutron.ts'
import { neutronRouting } from './0006-neutron-routing.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

/** Every step of the schema, in order. New steps go to the end; what has been released never changes. */
export const migrations: readonly Migration[] = [
  kernel,
  keystone,
  glance,
  neutron,
  neutronRouting,
  nova,
  placement,
  novaServers,
  addressHolders,
  keptMessages,
  silentServices,
  applicationCredentials,
  trusts,
  policyDocuments,
  endpointFilters,
  domainConfig,
  oauth,
  federation,
  metadefs,
  securityCompliance,
  revocationEvents,
  glanceTasks,
  glanceQuotas,
]
