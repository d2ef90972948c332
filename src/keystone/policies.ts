import type { PolicyRule } from '../cloud/policy.ts'

const admin = 'rule:admin_required'
const systemReader = 'rule:system_reader'
const domainAdmin = 'rule:domain_admin'
const domainReader = '(role:reader and domain_id:%(domain_id)s)'
const domainManager = '(role:manager and domain_id:%(domain_id)s)'
const owner = 'rule:owner'
const ownProject = 'project_id:%(project_id)s'
const any = ''

/** The same check for several rules; names go without the `identity:` that they share. */
const allow = (names: readonly string[], ...checks: readonly string[]): PolicyRule[] =>
  names.map((name) => ({ name: `identity:${name}`, check: checks.join(' or ') }))

// A rule's target has `user_id`, `project_id` and `domain_id` of the resource; see the handlers.
/** Who may do what in keystone, by its own names and with its own defaults; docs/policy.md tells where they differ from OpenStack's, and why. */
export const keystonePolicies: readonly PolicyRule[] = [
  // An admin on a domain: what managers of it may do, with every role.
  { name: 'domain_admin', check: 'role:admin and domain_id:%(domain_id)s' },
  ...allow(['validate_token'], admin, systemReader, 'rule:service_role', owner),
  ...allow(['check_token'], admin, systemReader, owner),
  ...allow(['revoke_token'], admin, owner),
  ...allow(['ec2tokens_validate', 's3tokens_validate', 'list_revoke_events'], admin, 'rule:service_role'),
  ...allow(['get_auth_catalog', 'get_auth_projects', 'get_auth_domains', 'get_auth_system'], any),

  ...allow(['list_users'], admin, systemReader, domainReader),
  ...allow(['get_user', 'list_user_projects', 'list_groups_for_user'], admin, systemReader, domainReader, owner),
  ...allow(['create_user', 'update_user', 'delete_user'], admin, domainManager),

  ...allow(['list_projects'], admin, systemReader, domainReader),
  ...allow(['get_project', 'list_project_tags', 'get_project_tag'], admin, systemReader, domainReader, ownProject),
  ...allow(['create_project', 'update_project', 'delete_project'], admin, domainManager),
  ...allow(['update_project_tags', 'create_project_tag', 'delete_project_tags', 'delete_project_tag'], admin, domainManager),

  ...allow(['get_domain'], admin, systemReader, 'domain_id:%(domain_id)s', 'project_domain_id:%(project_domain_id)s'),
  ...allow(['list_domains'], admin, systemReader, domainReader),
  ...allow(['create_domain', 'update_domain', 'delete_domain'], admin),

  ...allow(['get_domain_config', 'get_domain_config_default'], admin, systemReader),
  ...allow(['create_domain_config', 'update_domain_config', 'delete_domain_config'], admin),

  ...allow(['list_groups', 'get_group', 'list_users_in_group', 'check_user_in_group'], admin, systemReader, domainReader),
  ...allow(['create_group', 'update_group', 'delete_group', 'add_user_to_group', 'remove_user_from_group'], admin, domainManager),

  ...allow(['list_roles'], admin, systemReader, '(role:manager and not domain_id:None)'),
  ...allow(['get_role'], admin, systemReader, 'role:manager'),
  ...allow(['list_domain_roles', 'get_domain_role'], admin, systemReader),
  ...allow(['create_role', 'update_role', 'delete_role', 'create_domain_role', 'update_domain_role', 'delete_domain_role'], admin),
  ...allow(['get_implied_role', 'list_implied_roles', 'list_role_inference_rules', 'check_implied_role'], admin, systemReader),
  ...allow(['create_implied_role', 'delete_implied_role'], admin),

  ...allow(['check_grant', 'list_grants'], admin, systemReader, domainReader),
  // A domain's manager gives and takes roles inside of it, but (see assignments/powers.ts) only these.
  ...allow(['create_grant', 'revoke_grant'], admin, domainManager),
  { name: 'domain_managed_target_role', check: "'manager':%(role_name)s or 'member':%(role_name)s or 'reader':%(role_name)s" },
  ...allow(
    ['list_system_grants_for_user', 'check_system_grant_for_user', 'list_system_grants_for_group', 'check_system_grant_for_group'],
    admin,
    systemReader,
  ),
  ...allow(
    ['create_system_grant_for_user', 'revoke_system_grant_for_user', 'create_system_grant_for_group', 'revoke_system_grant_for_group'],
    admin,
  ),
  ...allow(['list_role_assignments', 'list_role_assignments_for_tree'], admin, systemReader, domainReader),

  ...allow(['list_regions', 'get_region'], any),
  ...allow(['create_region', 'update_region', 'delete_region'], admin),
  ...allow(['list_services', 'get_service', 'list_endpoints', 'get_endpoint'], admin, systemReader),
  ...allow(['create_service', 'update_service', 'delete_service', 'create_endpoint', 'update_endpoint', 'delete_endpoint'], admin),

  ...allow(
    [
      ...['list_endpoint_groups', 'get_endpoint_group', 'list_projects_associated_with_endpoint_group'],
      ...['list_endpoints_associated_with_endpoint_group', 'get_endpoint_group_in_project', 'list_endpoint_groups_for_project'],
      ...['list_projects_for_endpoint', 'check_endpoint_in_project', 'list_endpoints_for_project'],
    ],
    admin,
    systemReader,
  ),
  ...allow(
    [
      ...['create_endpoint_group', 'update_endpoint_group', 'delete_endpoint_group', 'add_endpoint_group_to_project'],
      ...['remove_endpoint_group_from_project', 'add_endpoint_to_project', 'remove_endpoint_from_project'],
    ],
    admin,
  ),

  ...allow(['list_credentials', 'get_credential'], admin, systemReader, domainAdmin, owner),
  ...allow(['create_credential', 'update_credential', 'delete_credential'], admin, domainAdmin, owner),

  ...allow(['ec2_list_credentials', 'ec2_get_credential'], admin, systemReader, owner),
  ...allow(['ec2_create_credential', 'ec2_delete_credential'], admin, '(role:member and rule:owner)'),

  ...allow(['list_application_credentials', 'get_application_credential'], admin, systemReader, owner),
  ...allow(['create_application_credential'], owner),
  ...allow(['delete_application_credential'], admin, owner),
  ...allow(['list_access_rules', 'get_access_rule'], systemReader, owner),
  ...allow(['delete_access_rule'], '(role:admin and system_scope:all)', owner),

  ...allow(['list_policies', 'get_policy', 'get_policy_for_endpoint', 'list_endpoints_for_policy'], admin, systemReader),
  ...allow(['create_policy', 'update_policy', 'delete_policy'], admin),
  ...['endpoint', 'service', 'region_and_service'].flatMap((what) => [
    ...allow([`check_policy_association_for_${what}`], admin, systemReader),
    ...allow([`create_policy_association_for_${what}`, `delete_policy_association_for_${what}`], admin),
  ]),

  ...['identity_provider', 'mapping', 'protocol', 'service_provider'].flatMap((kind) => [
    ...allow([`list_${kind}s`, `get_${kind}`], admin, systemReader),
    ...allow([`create_${kind}`, `update_${kind}`, `delete_${kind}`], admin),
  ]),

  ...allow(['list_consumers', 'get_consumer'], admin, systemReader),
  ...allow(['create_consumer', 'update_consumer', 'delete_consumer', 'authorize_request_token'], admin),
  ...allow(['list_access_tokens', 'get_access_token', 'list_access_token_roles', 'get_access_token_role', 'delete_access_token'], admin),

  ...allow(['list_trusts'], admin, systemReader),
  ...allow(['list_trusts_for_trustor', 'list_trusts_for_trustee'], admin, systemReader, owner),
  ...allow(['get_trust', 'list_roles_for_trust', 'get_role_for_trust'], admin, systemReader, owner),
  ...allow(['create_trust'], owner),
  ...allow(['delete_trust'], admin, owner),

  ...allow(['get_limit_model', 'list_limits', 'list_registered_limits', 'get_registered_limit'], any),
  ...allow(['get_limit'], admin, systemReader, 'domain_id:%(domain_id)s', ownProject),
  ...allow(['create_limits', 'update_limit', 'delete_limit'], admin),
  ...allow(['create_registered_limits', 'update_registered_limit', 'delete_registered_limit'], admin),
]
