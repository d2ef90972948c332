import { forbidden } from '../../kernel/errors.ts'

/** Options by group and name. */
export type Config = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** What a domain may set for itself, with what holds where it does not. keystone/conf/identity.py, keystone/conf/ldap.py */
export const defaults: Config = {
  identity: { driver: 'sql', list_limit: null },
  ldap: {
    ...{ url: 'ldap://localhost', user: null, suffix: 'cn=example,cn=com', query_scope: 'one', page_size: 0 },
    ...{ alias_dereferencing: 'default', debug_level: null, chase_referrals: null },
    ...{ user_tree_dn: null, user_filter: null, user_objectclass: 'inetOrgPerson', user_id_attribute: 'cn', user_name_attribute: 'sn' },
    ...{ user_description_attribute: 'description', user_mail_attribute: 'mail', user_pass_attribute: 'userPassword' },
    ...{ user_enabled_attribute: 'enabled', user_enabled_invert: false, user_enabled_mask: 0, user_enabled_default: 'True' },
    ...{ user_attribute_ignore: ['default_project_id'], user_default_project_id_attribute: null, user_enabled_emulation: false },
    ...{ user_enabled_emulation_dn: null, user_enabled_emulation_use_group_config: false, user_additional_attribute_mapping: [] },
    ...{ group_tree_dn: null, group_filter: null, group_objectclass: 'groupOfNames', group_id_attribute: 'cn' },
    ...{ group_name_attribute: 'ou', group_member_attribute: 'member', group_members_are_ids: false },
    ...{ group_desc_attribute: 'description', group_attribute_ignore: [], group_additional_attribute_mapping: [], group_ad_nesting: false },
    ...{ tls_cacertfile: null, tls_cacertdir: null, use_tls: false, tls_req_cert: 'demand' },
    ...{ connection_timeout: -1, use_pool: true, pool_size: 10, pool_retry_max: 3, pool_retry_delay: 0.1 },
    ...{ pool_connection_timeout: -1, pool_connection_lifetime: 600 },
    ...{ use_auth_pool: true, auth_pool_size: 100, auth_pool_connection_lifetime: 60 },
  },
}

// Kept and never shown.
const secrets: Readonly<Record<string, readonly string[]>> = { ldap: ['password'] }

export const isSecret = (group: string, option: string): boolean => secrets[group]?.includes(option) ?? false

const isKnown = (group: string, option?: string): boolean =>
  Object.hasOwn(defaults, group) && (option === undefined || Object.hasOwn(defaults[group]!, option) || isSecret(group, option))

const refused = (why: string) => forbidden(`Invalid domain specific configuration: ${why}.`)

/** Refuses groups and options that a domain can not set. keystone/resource/core.py */
export function assertKnown(group?: string, option?: string): void {
  if (group !== undefined && !isKnown(group)) throw refused(`Group ${group} is not supported for domain specific configurations`)
  if (group !== undefined && option !== undefined && !isKnown(group, option))
    throw refused(`Option ${option} in group ${group} is not supported for domain specific configurations`)
}

/** Reads a configuration that a client sent. */
export function validConfig(sent: Readonly<Record<string, unknown>>): Config {
  if (Object.keys(sent).length === 0) throw refused('No options specified')
  for (const [group, options] of Object.entries(sent)) {
    if (options === null || typeof options !== 'object' || Array.isArray(options))
      throw refused(`The value of group ${group} specified in the config should be a dictionary of options`)
    assertKnown(group)
    for (const option of Object.keys(options)) assertKnown(group, option)
  }
  return sent as Config
}

/** The options of a change to one group or one option of it, as a whole configuration. It must be about that, and nothing else. */
export function configFor(sent: Readonly<Record<string, unknown>>, group: string, option?: string): Config {
  assertKnown(group, option)
  const [name, ...more] = Object.keys(sent)
  const wanted = option ?? group
  const what = option === undefined ? `group ${group}` : `option ${option} in group ${group}`
  if (name === undefined || more.length > 0)
    throw refused(
      `Trying to update ${what}, so that, and only that, ${option === undefined ? 'group' : 'option'} must be specified in the config`,
    )
  if (name !== wanted)
    throw refused(`request to update ${what}, but config provided contains ${option === undefined ? 'group' : 'option'} ${name} instead`)
  return validConfig(option === undefined ? sent : { [group]: sent })
}
