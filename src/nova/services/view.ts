import { existsAt, type Version } from '../../kernel/http/schema.ts'
import { microTime } from '../times.ts'
import type { ServiceInfo } from './store.ts'

export const serviceView = (service: ServiceInfo, version: Version | undefined) => ({
  binary: service.program,
  host: service.host,
  id: existsAt({ since: '2.53' }, version) ? service.id : service.number,
  zone: service.zone,
  status: service.disabled ? 'disabled' : 'enabled',
  state: service.up ? 'up' : 'down',
  updated_at: microTime(service.seenAt),
  disabled_reason: service.disabledReason,
  ...(existsAt({ since: '2.11' }, version) && { forced_down: service.forcedDown }),
})

/** What the actions of before 2.53 answer. */
export const actedView = (action: string, service: ServiceInfo) => ({
  host: service.host,
  binary: service.program,
  ...(action === 'force-down' ? { forced_down: service.forcedDown } : { status: service.disabled ? 'disabled' : 'enabled' }),
  ...(action === 'disable-log-reason' && { disabled_reason: service.disabledReason }),
})
