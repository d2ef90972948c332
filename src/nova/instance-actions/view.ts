import { existsAt, type Version } from '../../kernel/http/schema.ts'
import { hostIdOf, microseconds } from '../servers/view.ts'
import type { InstanceActionRow } from '../servers/tables.ts'

/** An action in a list. */
export const actionItem = (version: Version, row: InstanceActionRow) => ({
  action: row.action,
  instance_uuid: row.server_id,
  request_id: row.request_id,
  user_id: row.user_id,
  project_id: row.project_id,
  start_time: microseconds(row.started_at),
  message: row.message,
  ...(existsAt({ since: '2.58' }, version) && { updated_at: row.updated_at && microseconds(row.updated_at) }),
})

interface Sight {
  readonly version: Version
  /** Whether policy shows what went on inside. */
  readonly inside: boolean
}

/** An action with its events, as far as the version and policy show them. */
export function actionInFull({ version, inside }: Sight, row: InstanceActionRow) {
  const since = (since: string) => existsAt({ since }, version)
  const events = row.events_json.map((event) => ({
    event: event.event,
    start_time: microseconds(row.started_at),
    finish_time: event.finishedAt.slice(0, -1) + '000',
    result: event.result,
    ...(inside && { traceback: null }),
    ...(since('2.62') && { hostId: hostIdOf(row.project_id, event.host) }),
    ...(since('2.62') && inside && { host: event.host }),
    ...(since('2.84') && { details: event.details }),
  }))
  return { ...actionItem(version, row), ...((inside || since('2.51')) && { events }) }
}
