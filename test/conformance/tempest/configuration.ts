import type { EmbeddedCloud } from '../../helpers/embedded-cloud.ts'
import { password } from '../../helpers/embedded-cloud.ts'

type Section = Readonly<Record<string, string | number | boolean>>

/** tempest's configuration for a cloud, with its lock and log files in a folder: identity and images, and nothing else of it. */
export const configurationOf = ({ url }: Pick<EmbeddedCloud, 'url'>, folder: string): string =>
  Object.entries<Section>({
    DEFAULT: { use_stderr: false, log_dir: folder, log_file: 'tempest.log' },
    oslo_concurrency: { lock_path: folder },
    // tempest makes a project and users of its own for each class of tests.
    auth: {
      use_dynamic_credentials: true,
      create_isolated_networks: false,
      admin_username: 'admin',
      admin_password: password,
      admin_project_name: 'admin',
      admin_domain_name: 'Default',
      tempest_roles: 'member',
    },
    identity: { auth_version: 'v3', uri_v3: `${url}/identity/v3`, region: 'RegionOne', v3_endpoint_type: 'public' },
    'identity-feature-enabled': {
      api_v2: false,
      trust: true,
      project_tags: true,
      application_credentials: true,
      access_rules: true,
      security_compliance: true,
    },
    service_available: { glance: true, nova: false, neutron: false, cinder: false, swift: false, horizon: false },
    image: { build_timeout: 60, build_interval: 1 },
    'image-feature-enabled': { import_image: true, os_glance_reserved: true },
    validation: { run_validation: false },
  })
    .map(([name, settings]) => [`[${name}]`, ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`), ''].join('\n'))
    .join('\n')
