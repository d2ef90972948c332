import { accessRules } from './access-rules/api.ts'
import { applicationCredentials } from './application-credentials/api.ts'
import { assignments } from './assignments/api.ts'
import { grants } from './assignments/grants-api.ts'
import { auth } from './auth/api.ts'
import { nothingAsked, type Compliance } from './compliance/compliance.ts'
import { credentials } from './credentials/api.ts'
import { domainConfigs } from './domain-config/api.ts'
import { domains } from './domains/api.ts'
import { ec2Credentials } from './ec2/api.ts'
import { signedTokens } from './ec2/tokens-api.ts'
import { endpointGroups } from './endpoint-filters/api.ts'
import { endpointAssociations } from './endpoint-filters/associations-api.ts'
import { endpoints } from './endpoints/api.ts'
import { keystoneFault } from './fault.ts'
import { federation } from './federation/api.ts'
import { federationProtocols } from './federation/protocols-api.ts'
import { groups } from './groups/api.ts'
import { keystoneUpkeep, listenForChanges } from './keys/chores.ts'
import { keystonePolicies } from './policies.ts'
import { limits } from './limits/api.ts'
import { registeredLimits } from './limits/registered-api.ts'
import { accessTokens } from './oauth/access-tokens-api.ts'
import { consumers } from './oauth/consumers-api.ts'
import { oauth2Tokens } from './oauth2/token-api.ts'
import { oauthFlow } from './oauth/flow-api.ts'
import { policyDocuments } from './policy-documents/api.ts'
import { policyAssociations } from './policy-documents/associations-api.ts'
import { projects } from './projects/api.ts'
import { projectTags } from './projects/tags-api.ts'
import { regions } from './regions/api.ts'
import { certificates, revocations } from './revocations/api.ts'
import { roles } from './roles/api.ts'
import { impliedRoles } from './roles/implied-api.ts'
import { catalogServices } from './services/api.ts'
import { tokens } from './tokens/api.ts'
import { trusts } from './trusts/api.ts'
import { users } from './users/api.ts'
import { versions } from './versions/api.ts'
import type { Service } from '../cloud/service.ts'

export interface KeystoneOptions {
  /** What the cloud asks of passwords and accounts; nothing unless said otherwise. */
  readonly compliance?: Compliance
}

/** The identity service. */
export const keystone = ({ compliance = nothingAsked }: KeystoneOptions = {}): Service => ({
  name: 'keystone-api',
  routes: [
    ...versions,
    ...tokens(compliance),
    ...auth,
    ...users(compliance),
    ...groups,
    ...projects,
    ...projectTags,
    ...domainConfigs,
    ...domains,
    ...roles,
    ...impliedRoles,
    ...grants,
    ...assignments,
    ...regions,
    ...catalogServices,
    ...endpoints,
    ...endpointGroups,
    ...endpointAssociations,
    ...credentials,
    ...ec2Credentials,
    ...signedTokens,
    ...revocations,
    ...certificates,
    ...applicationCredentials,
    ...accessRules,
    ...trusts,
    ...federation,
    ...federationProtocols,
    ...consumers,
    ...oauthFlow,
    ...oauth2Tokens(compliance),
    ...accessTokens,
    ...policyDocuments,
    ...policyAssociations,
    ...registeredLimits,
    ...limits,
  ],
  policies: keystonePolicies,
  upkeep: keystoneUpkeep(compliance),
  background: listenForChanges,
  fault: keystoneFault,
  headers: () => ({ vary: 'X-Auth-Token' }),
})
