import { createHash } from 'node:crypto'
import type { Subject } from '../../src/cloud/context.ts'
import type { Tokens } from '../../src/cloud/service.ts'

/** Stands in until the identity service is there. */
export const idOf = (name: string): string => createHash('md5').update(name).digest('hex')

const roles: Record<string, string[]> = {
  admin: ['admin', 'manager', 'member', 'reader'],
  system_admin: ['admin', 'manager', 'member', 'reader'],
  demo: ['member', 'reader'],
  alt_demo: ['member', 'reader'],
  demo_reader: ['reader'],
}

export const testTokens: Tokens = async (ctx, token) => {
  const name = token.replace('test:', '')
  if (!roles[name]) return undefined
  const project = name === 'demo_reader' ? 'demo' : name
  const scope = name === 'system_admin' ? {} : { projectId: idOf(`project ${project}`), projectName: project, projectDomainId: 'default' }
  const subject: Subject = {
    userId: idOf(`user ${name}`),
    userName: name,
    userDomainId: 'default',
    ...scope,
    systemScope: name === 'system_admin',
    roles: roles[name]!,
    expiresAt: new Date(ctx.clock.now().getTime() + 3_600_000),
    auditIds: ['test'],
  }
  return subject
}
