import { invalid } from '../../kernel/errors.ts'
import { expecting } from '../fault.ts'
import { projectByName } from '../projects/store.ts'
import { authenticationFailed } from '../passwords/prove.ts'
import { domainIdOf } from './authenticate.ts'
import type { AuthenticateRequest } from './schema.ts'
import type { Scope } from './payload.ts'
import type { Context } from '../../kernel/context.ts'

/** What the request wants a token for: undefined when it leaves that to a trust, or to the user's default project. */
export async function wantedScope(ctx: Context, scope: AuthenticateRequest['scope']): Promise<Scope | undefined> {
  if (scope === undefined) return undefined
  if (typeof scope === 'string') {
    if (scope === 'unscoped') return { kind: 'none' }
    throw invalid(expecting('project, domain, or system', 'scope'))
  }
  const wanted = [scope.project, scope.domain, scope.system, scope['OS-TRUST:trust']].filter((one) => one !== undefined)
  if (wanted.length === 0 && 'unscoped' in scope) return { kind: 'none' }
  if (wanted.length !== 1) throw invalid(expecting('project, domain, or system', 'scope'))
  if (scope['OS-TRUST:trust']) return undefined
  if (scope.project) return { kind: 'project', id: await projectIdOf(ctx, scope.project) }
  if (scope.domain) return { kind: 'domain', id: (await domainIdOf(ctx, scope.domain)) ?? refuse() }
  if (scope.system!.all !== true) throw invalid(expecting('all', 'system'))
  return { kind: 'system' }
}

type WantedProject = { id?: string; name?: string; domain?: { id?: string; name?: string } }

async function projectIdOf(ctx: Context, project: WantedProject): Promise<string> {
  if (project.id !== undefined) return project.id
  if (project.name === undefined) throw invalid(expecting('id or name', 'project'))
  if (!project.domain) throw invalid(expecting('domain', 'project'))
  const domainId = await domainIdOf(ctx, project.domain)
  const found = domainId === undefined ? undefined : await projectByName(ctx.db, { domainId, name: project.name })
  return found?.id ?? refuse()
}

// A project that is not there is refused like one that is not open to the user.
const refuse = (): never => {
  throw authenticationFailed()
}
