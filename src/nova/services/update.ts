import { invalid, notFound } from '../../kernel/errors.ts'
import { existsAt, type Version } from '../../kernel/http/schema.ts'
import { isTrue } from '../schema-types.ts'
import type { ActOnServiceBody, UpdateServiceBody } from './schema.ts'
import type { ServiceChange, ServiceInfo } from './store.ts'

/** What the actions of before 2.53 mean. Throws `notFound` for an action that there is not. */
export function changeOfAction(action: string, body: ActOnServiceBody, version: Version | undefined): ServiceChange {
  if (action === 'enable') return { disabled: false, disabledReason: null }
  if (action === 'disable') return { disabled: true }
  if (action === 'disable-log-reason') {
    if (!body.disabled_reason) throw invalid('Missing disabled reason field')
    return { disabled: true, disabledReason: body.disabled_reason }
  }
  if (action === 'force-down' && existsAt({ since: '2.11' }, version)) {
    if (body.forced_down === undefined) throw invalid('Missing forced_down field')
    return { forcedDown: isTrue(body.forced_down) }
  }
  throw notFound('Unknown action')
}

/** What a body since 2.53 means. Throws `invalid` for one that contradicts itself, or for a service that has no guests. */
export function changeOfBody(service: ServiceInfo, body: UpdateServiceBody): ServiceChange {
  const { status, disabled_reason: reason, forced_down: forcedDown } = body
  if (service.program !== 'nova-compute') {
    throw invalid(`Updating a ${service.program} service is not supported. Only nova-compute services can be updated.`)
  }
  if (status === undefined && forcedDown === undefined)
    throw invalid("No updates were requested. Fields 'status' or 'forced_down' should be specified.")
  if (reason !== undefined && status !== 'disabled') throw invalid("Specifying 'disabled_reason' requires that status is 'disabled'.")
  return {
    ...(status === 'enabled' && { disabled: false, disabledReason: null }),
    ...(status === 'disabled' && { disabled: true, disabledReason: reason ?? null }),
    ...(forcedDown !== undefined && { forcedDown: isTrue(forcedDown) }),
  }
}
