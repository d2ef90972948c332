import { ownTarget } from '../../cloud/policy.ts'
import { existsAt } from '../../kernel/http/schema.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Viewer } from './view.ts'

/** Who asks, as far as it decides what they see of a server. */
export function viewerOf(ctx: CloudContext): Viewer {
  const target = ownTarget(ctx.subject)
  const may = (rule: string) => ctx.policy.allows(ctx.subject, rule, target)
  return {
    baseUrl: ctx.request.baseUrl,
    version: ctx.version!,
    seesHosts: may('os_compute_api:os-extended-server-attributes'),
    seesHostStatus: existsAt({ since: '2.16' }, ctx.version) && may('os_compute_api:servers:show:host_status'),
  }
}
