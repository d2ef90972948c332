import type { ColumnType, Selectable } from 'kysely'
import type { Json } from '../kernel/sql/tables.ts'

type Extra = Json<Record<string, unknown>>

interface ProjectsTable {
  id: string
  /** '' for a domain, which is a project that belongs to none. */
  domain_id: string
  name: string
  parent_id: string | null
  is_domain: boolean
  enabled: boolean
  description: string
  options_json: Extra
  extra_json: Extra
}

/** A project with everything that stands above it, its domain included. */
interface ProjectAncestorsTable {
  project_id: string
  ancestor_id: string
  /** 1 for the parent. */
  distance: number
}

interface ProjectTagsTable {
  project_id: string
  name: string
}

interface UsersTable {
  id: string
  domain_id: string
  name: string
  enabled: boolean
  default_project_id: string | null
  /** Null for a user who can't log in by password. */
  password_hash: string | null
  /** Counts what ends all earlier tokens: a new password, being disabled. A token is good for one epoch. */
  token_epoch: number
  /** When the password was set, and when it must be changed: moments as `moments.ts` writes them. Null where that is not known, or never. */
  password_set_at: ColumnType<string | null, string | null | undefined, string | null>
  password_expires_at: ColumnType<string | null, string | null | undefined, string | null>
  /** Whether its user chose it, and no administrator. */
  password_is_own: ColumnType<boolean, boolean | undefined, boolean>
  /** The day on which he last logged in by password, was made or was enabled: 2026-11-28. */
  last_active_on: ColumnType<string | null, string | null | undefined, string | null>
  options_json: Extra
  extra_json: Extra
}

interface GroupsTable {
  id: string
  domain_id: string
  name: string
  description: string
  extra_json: Extra
}

interface MembershipsTable {
  group_id: string
  user_id: string
}

interface RolesTable {
  id: string
  /** '' for a role of the whole cloud. */
  domain_id: string
  name: string
  description: string | null
  options_json: Extra
  extra_json: Extra
}

interface ImpliedRolesTable {
  prior_role_id: string
  implied_role_id: string
}

export type ActorType = 'user' | 'group'
export type TargetType = 'project' | 'domain' | 'system'

interface AssignmentsTable {
  actor_id: string
  /** A project, a domain, or `systemId`. */
  target_id: string
  role_id: string
  /** Holds for all projects below the target, and not for the target itself. */
  inherited: boolean
  actor_type: ActorType
  target_type: TargetType
}

/** The target of assignments on the system. */
export const systemId = 'system'

interface CredentialsTable {
  id: string
  user_id: string
  project_id: string | null
  type: string
  sealed_blob: Buffer
  extra_json: Extra
}

interface ApplicationCredentialsTable {
  id: string
  user_id: string
  project_id: string
  name: string
  secret_hash: string
  description: string | null
  /** A moment as `moments.ts` writes it; null for one that never ends. */
  expires_at: string | null
  /** Whether a token made with it may manage application credentials and trusts. */
  unrestricted: boolean
}

interface ApplicationCredentialRolesTable {
  credential_id: string
  role_id: string
}

interface AccessRulesTable {
  id: string
  user_id: string
  service: string
  path: string
  method: string
}

interface ApplicationCredentialAccessRulesTable {
  credential_id: string
  access_rule_id: string
}

interface TrustsTable {
  id: string
  trustor_user_id: string
  trustee_user_id: string
  project_id: string
  /** Whether the trustee acts in the trustor's name. */
  impersonation: boolean
  /** A moment as `moments.ts` writes it; null for one that never ends. */
  expires_at: string | null
  /** Tokens that may still be made with it; null for any number. */
  remaining_uses: number | null
  /** The trust that it was made from. */
  redelegated_trust_id: string | null
  /** How often it may be handed on, one after the other. */
  redelegation_count: number
  extra_json: Extra
}

interface TrustRolesTable {
  trust_id: string
  role_id: string
}

interface TrustUsesTable {
  trust_id: string
  request_key: string
}

interface DomainOptionsTable {
  domain_id: string
  group_name: string
  option_name: string
  sealed_value: Buffer
}

interface RevocationsTable {
  audit_id: string
  /** When the token would have ended by itself, and this row may go. */
  expires_at: ColumnType<Date, any, never>
}

/** `staged` keys only read; the one `primary` key writes; `secondary` ones still read what they wrote. */
export type KeyState = 'staged' | 'primary' | 'secondary'

interface KeysTable {
  number: number
  state: KeyState
  sealed_key: Buffer
  /** When it came into this state, on the database's clock. */
  changed_at: ColumnType<Date, any, any>
}

interface KeyHoldersTable {
  instance: string
  newest_key: number
  seen_at: ColumnType<Date, any, any>
}

interface RegisteredLimitsTable {
  id: string
  service_id: string
  /** '' for every region. */
  region_id: string
  resource_name: string
  default_limit: number
  description: string | null
}

interface LimitsTable {
  id: string
  /** The project or domain. */
  owner_id: string
  of_domain: boolean
  service_id: string
  region_id: string
  resource_name: string
  resource_limit: number
  description: string | null
}

export type ProjectRow = Selectable<ProjectsTable>
export type UserRow = Selectable<UsersTable>
export type GroupRow = Selectable<GroupsTable>
export type RoleRow = Selectable<RolesTable>
export type AssignmentRow = Selectable<AssignmentsTable>
export type CredentialRow = Selectable<CredentialsTable>
export type ApplicationCredentialRow = Selectable<ApplicationCredentialsTable>
export type TrustRow = Selectable<TrustsTable>
export type AccessRuleRow = Selectable<AccessRulesTable>
export type RegisteredLimitRow = Selectable<RegisteredLimitsTable>
export type LimitRow = Selectable<LimitsTable>

declare module '../kernel/sql/tables.ts' {
  interface Tables {
    keystone_projects: ProjectsTable
    keystone_project_ancestors: ProjectAncestorsTable
    keystone_project_tags: ProjectTagsTable
    keystone_users: UsersTable
    keystone_groups: GroupsTable
    keystone_memberships: MembershipsTable
    keystone_roles: RolesTable
    keystone_implied_roles: ImpliedRolesTable
    keystone_assignments: AssignmentsTable
    keystone_credentials: CredentialsTable
    keystone_application_credentials: ApplicationCredentialsTable
    keystone_application_credential_roles: ApplicationCredentialRolesTable
    keystone_access_rules: AccessRulesTable
    keystone_application_credential_access_rules: ApplicationCredentialAccessRulesTable
    keystone_trusts: TrustsTable
    keystone_trust_roles: TrustRolesTable
    keystone_trust_uses: TrustUsesTable
    keystone_domain_options: DomainOptionsTable
    keystone_revocations: RevocationsTable
    keystone_keys: KeysTable
    keystone_key_holders: KeyHoldersTable
    keystone_registered_limits: RegisteredLimitsTable
    keystone_limits: LimitsTable
  }
}
