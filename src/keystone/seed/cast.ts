/** Roles, each implying the next of its line. */
export const roleLine = ['admin', 'manager', 'member', 'reader'] as const
export const serviceRole = 'service'

/** Projects as DevStack makes them. */
export const seedProjects = ['admin', 'demo', 'alt_demo', 'service', 'invisible_to_admin'] as const

type Role = (typeof roleLine)[number] | typeof serviceRole

/** Where a user has which role: in a project, or `on` something larger. */
export type SeedGrant =
  | { readonly role: Role; readonly project: (typeof seedProjects)[number] }
  | { readonly role: Role; readonly on: 'system' | 'domain' }

/** Users as DevStack makes them, with their roles. */
export const seedUsers: Readonly<Record<string, readonly SeedGrant[]>> = {
  admin: [
    { role: 'admin', project: 'admin' },
    { role: 'admin', project: 'demo' },
    { role: 'admin', project: 'alt_demo' },
    { role: 'admin', on: 'domain' },
    { role: 'admin', on: 'system' },
  ],
  demo: [
    { role: 'member', project: 'demo' },
    { role: 'member', project: 'invisible_to_admin' },
  ],
  demo_member: [{ role: 'member', project: 'demo' }],
  demo_reader: [{ role: 'reader', project: 'demo' }],
  alt_demo: [{ role: 'member', project: 'alt_demo' }],
  alt_demo_member: [{ role: 'member', project: 'alt_demo' }],
  alt_demo_reader: [{ role: 'reader', project: 'alt_demo' }],
  system_admin: [{ role: 'admin', on: 'system' }],
  system_member: [{ role: 'member', on: 'system' }],
  system_reader: [{ role: 'reader', on: 'system' }],
  nova: [{ role: 'service', project: 'service' }],
  glance: [{ role: 'service', project: 'service' }],
  neutron: [{ role: 'service', project: 'service' }],
  placement: [{ role: 'service', project: 'service' }],
}
