import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { enforceAttributes } from '../attribute-policy.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { assertGroups } from '../security-groups/bindings.ts'
import type { NewPortBody, PortChange } from './schema.ts'

const rules = {
  device_owner: 'device_owner',
  mac_address: 'mac_address',
  fixed_ips: 'fixed_ips:ip_address',
  port_security_enabled: 'port_security_enabled',
  allowed_address_pairs: 'allowed_address_pairs',
  'binding:host_id': 'binding:host_id',
  'binding:profile': 'binding:profile',
}

/**
 * Refuses attributes that the asker may not set. Most of them are for the owner of the network that the port is on;
 * values that ask for nothing special are for everyone.
 */
export function enforcePort(
  ctx: CloudContext,
  {
    action,
    projectId,
    networkProjectId,
    body,
  }: { action: 'create_port' | 'update_port'; projectId: string; networkProjectId: string; body: NewPortBody | PortChange },
): void {
  const foreign = action === 'create_port' && projectId !== projectOf(ctx)
  const attributeRules = { ...rules, ...(foreign && { tenant_id: 'project_id', project_id: 'project_id' }) }
  const given = Object.fromEntries(Object.entries(body).filter(([name, value]) => isSpecial(name, value)))
  const target = foreign ? { project_id: projectOf(ctx) } : { project_id: projectId }
  enforceAttributes(ctx, { action, target, attributeTarget: { project_id: networkProjectId }, given, rules: attributeRules })
}

function isSpecial(name: string, value: unknown): boolean {
  if (value === null || value === '') return false
  if (name === 'device_owner') return String(value).startsWith('network:')
  if (name === 'fixed_ips') return (value as { ip_address?: string }[]).some((ip) => ip.ip_address !== undefined)
  if (name === 'allowed_address_pairs') return (value as unknown[]).length > 0
  if (name === 'binding:profile') return Object.keys(value as object).length > 0
  return true
}

/** Refuses groups that the asker does not have. */
export async function assertOwnGroups(ctx: CloudContext, db: Db, groupIds: readonly string[], projectId: string): Promise<void> {
  await assertGroups(db, { groupIds, ...(!isAdmin(ctx.subject) && { projectId }) })
}
