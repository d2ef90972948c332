import { couldNotFind, found } from './refusals.ts'
import { projectByName } from './projects/store.ts'
import { rolesOn } from './tokens/store.ts'
import { systemId } from './tables.ts'
import { userByName } from './users/store.ts'
import type { Subject } from '../cloud/context.ts'
import type { Db } from '../kernel/sql/tables.ts'

/** A user, and what he would have a token for, by their names; domains of domains are none. */
export interface NamedSubject {
  readonly user: string
  readonly userDomain: string
  readonly aim?: { readonly project: string; readonly projectDomain: string } | { readonly domain: string } | 'system'
}

/** Who a user is where he would log in, with the roles that he has there now. Throws `notFound`. */
export async function subjectNamed(db: Db, { user: name, userDomain, aim }: NamedSubject): Promise<Subject> {
  const user = found(await userByName(db, { domainId: await domainIdNamed(db, userDomain), name }), 'user', name)
  const target = await targetOf(db, aim)
  const roles = target.id === undefined ? [] : await rolesOn(db, { userId: user.id, targetId: target.id })
  return {
    userId: user.id,
    userName: user.name,
    userDomainId: user.domain_id,
    ...target.subject,
    systemScope: aim === 'system',
    roles: roles.map((role) => role.name),
    expiresAt: new Date(0),
    auditIds: [],
  }
}

async function targetOf(db: Db, aim: NamedSubject['aim']): Promise<{ id?: string; subject?: Partial<Subject> }> {
  if (aim === undefined) return {}
  if (aim === 'system') return { id: systemId }
  if ('domain' in aim) {
    const id = await domainIdNamed(db, aim.domain)
    return { id, subject: { domainId: id } }
  }
  const domainId = await domainIdNamed(db, aim.projectDomain)
  const project = found(await projectByName(db, { domainId, name: aim.project }), 'project', aim.project)
  return { id: project.id, subject: { projectId: project.id, projectName: project.name, projectDomainId: domainId } }
}

// Domains are projects without a domain.
async function domainIdNamed(db: Db, name: string): Promise<string> {
  const row = await projectByName(db, { domainId: '', name })
  if (!row?.is_domain) throw couldNotFind('domain', name)
  return row.id
}
