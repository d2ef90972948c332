/** What a client must know of the cloud. */
export interface CloudAccess {
  readonly authUrl: string
  readonly region: string
  readonly password: string
}

type Scope = { readonly project_name: string; readonly project_domain_id: string } | { readonly system_scope: 'all' }

const inProject = (name: string): Scope => ({ project_name: name, project_domain_id: 'default' })
const inSystem: Scope = { system_scope: 'all' }

// As DevStack writes them: names, users and scopes.
const clouds: Record<string, { user: string; scope: Scope }> = {
  devstack: { user: 'demo', scope: inProject('demo') },
  'devstack-admin': { user: 'admin', scope: inProject('admin') },
  'devstack-admin-demo': { user: 'admin', scope: inProject('demo') },
  'devstack-alt': { user: 'alt_demo', scope: inProject('alt_demo') },
  'devstack-alt-member': { user: 'alt_demo_member', scope: inProject('alt_demo') },
  'devstack-alt-reader': { user: 'alt_demo_reader', scope: inProject('alt_demo') },
  'devstack-reader': { user: 'demo_reader', scope: inProject('demo') },
  'devstack-system-admin': { user: 'admin', scope: inSystem },
  'devstack-system-member': { user: 'system_member', scope: inSystem },
  'devstack-system-reader': { user: 'system_reader', scope: inSystem },
}

export const cloudNames = Object.keys(clouds)

const quoted = (text: string): string => JSON.stringify(text)

/** The text of clouds.yaml, as every OpenStack client reads it. */
export function cloudsYaml({ authUrl, region, password }: CloudAccess): string {
  const entries = Object.entries(clouds).flatMap(([name, { user, scope }]) => [
    `  ${name}:`,
    '    auth:',
    `      auth_url: ${authUrl}`,
    `      username: ${user}`,
    `      password: ${quoted(password)}`,
    '      user_domain_id: default',
    ...Object.entries(scope).map(([key, value]) => `      ${key}: ${value}`),
    '    identity_api_version: "3"',
    `    region_name: ${quoted(region)}`,
    '    volume_api_version: "3"',
  ])
  return ['clouds:', ...entries, ''].join('\n')
}

/** The variables of one of these clouds, for clients that read no clouds.yaml. */
export function openrc(name: string, { authUrl, region, password }: CloudAccess): Record<string, string> | undefined {
  const cloud = clouds[name]
  if (!cloud) return undefined
  const scope = Object.entries(cloud.scope).map(([key, value]) => [`OS_${key.toUpperCase()}`, value])
  return {
    OS_AUTH_TYPE: 'password',
    OS_AUTH_URL: authUrl,
    OS_IDENTITY_API_VERSION: '3',
    OS_USERNAME: cloud.user,
    OS_PASSWORD: password,
    OS_USER_DOMAIN_ID: 'default',
    OS_REGION_NAME: region,
    ...Object.fromEntries(scope),
  }
}
