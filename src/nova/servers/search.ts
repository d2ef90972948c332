import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { enforce, ownTarget } from '../../cloud/policy.ts'
import { forbidden, invalid } from '../../kernel/errors.ts'
import { existsAt } from '../../kernel/http/schema.ts'
import { pageLimit } from '../pages.ts'
import { refusal } from '../policy-words.ts'
import { statesOf, type StateMatch } from './states.ts'
import type { ServerListQuery } from './schema.ts'

/** A list of servers as it was asked for, in terms of the rows. */
export interface Search {
  /** Undefined: those of all projects. */
  readonly projectId: string | undefined
  /** Undefined: both. */
  readonly deleted: boolean | undefined
  /** A regular expression, somewhere in the name. */
  readonly name?: string | undefined
  readonly states?: readonly StateMatch[] | undefined
  /** Columns that must have one of these values. */
  readonly equal: Readonly<Record<string, string | number | boolean | readonly string[] | null>>
  readonly locked?: boolean | undefined
  readonly tags: Readonly<Record<'all' | 'any' | 'notAll' | 'notAny', readonly string[]>>
  /** Addresses that contain these. */
  readonly addresses: Readonly<Partial<Record<4 | 6, string>>>
  readonly changesSince?: Date | undefined
  readonly changesBefore?: Date | undefined
  readonly sort: readonly { readonly key: string; readonly direction: 'asc' | 'desc' }[]
  readonly marker?: string | undefined
  readonly limit: number
}

const yes = (text: string): boolean => /^(true|1|yes|on|t|y)$/i.test(text)

/** Filters that are columns, by their names in queries; admins alone may use the first ones before 2.83. */
const adminColumns = {
  user_id: 'user_id',
  uuid: 'id',
  hostname: 'hostname',
  image_ref: 'image_id',
  launch_index: 'launch_index',
  host: 'host',
  node: 'host',
  hypervisor_hostname: 'host',
} as const
const columnsSince283 = { availability_zone: 'zone', key_name: 'key_name' } as const
const openColumns = { reservation_id: 'reservation_id', flavor: 'flavor_id', image: 'image_id' } as const

/** Reads a list's query. Undefined: nothing can match. Throws `invalid` for a filter that makes no sense, `forbidden` for one that policy refuses. */
export function searchOf(ctx: CloudContext, query: ServerListQuery, { detail }: { detail: boolean }): Search | undefined {
  const admin = isAdmin(ctx.subject)
  const states = query.status && query.status.flatMap(statesOf)
  if (states?.length === 0 && existsAt({ since: '2.38' }, ctx.version)) throw invalid('Invalid status value')
  if (states?.length === 0) return undefined
  const wantsDeleted = states?.some((state) => state.vmState === 'deleted') ?? false
  if (wantsDeleted && !admin) throw forbidden('Only administrators may list deleted instances')
  const changesSince = timeOf('changes-since', query['changes-since'])
  const changesBefore = timeOf('changes-before', query['changes-before'])
  if (changesSince && changesBefore && changesSince > changesBefore)
    throw invalid('The value of changes-since must be less than or equal to changes-before.')
  const deleted = wantsDeleted || (admin && query.deleted !== undefined && yes(query.deleted))
  return {
    projectId: projectWanted(ctx, query, detail),
    deleted: deleted ? true : changesSince ? undefined : false,
    name: query.name ?? (admin ? query.display_name : undefined),
    states,
    equal: equalities(ctx, query, admin),
    locked: query.locked === undefined ? undefined : yes(query.locked),
    tags: { all: split(query.tags), any: split(query['tags-any']), notAll: split(query['not-tags']), notAny: split(query['not-tags-any']) },
    addresses: { ...(query.ip !== undefined && { 4: query.ip }), ...(query.ip6 !== undefined && { 6: query.ip6 }) },
    changesSince,
    changesBefore,
    sort: (query.sort_key ?? []).map((key, index) => ({ key, direction: query.sort_dir?.[index] ?? query.sort_dir?.at(-1) ?? 'desc' })),
    marker: query.marker,
    limit: pageLimit(query.limit),
  }
}

const split = (text: string | undefined): string[] => text?.split(',').filter((tag) => tag !== '') ?? []

function projectWanted(ctx: CloudContext, query: ServerListQuery, detail: boolean): string | undefined {
  const text = query.all_tenants
  if (text !== undefined && text !== '' && !/^(true|1|yes|on|t|y|false|0|no|off|f|n)$/i.test(text))
    throw invalid(`Invalid value '${text}' for all_tenants`)
  if (text === undefined || (text !== '' && !yes(text))) return projectOf(ctx)
  enforce(ctx, `os_compute_api:servers:${detail ? 'detail' : 'index'}:get_all_tenants`, ownTarget(ctx.subject), refusal)
  return query.project_id ?? query.tenant_id
}

function equalities(ctx: CloudContext, query: ServerListQuery, admin: boolean): Search['equal'] {
  const since283 = admin || existsAt({ since: '2.83' }, ctx.version)
  const equal: Record<string, Search['equal'][string]> = {}
  const columns = { ...openColumns, ...(admin && adminColumns), ...(since283 && columnsSince283) }
  for (const [name, column] of Object.entries(columns)) {
    const value = query[name as keyof ServerListQuery] as string | undefined
    if (value !== undefined) equal[column] = column === 'launch_index' ? numberOf(value) : value
  }
  if (!since283) return equal
  if (query.user_id !== undefined) equal.user_id = query.user_id
  if (query.vm_state) equal.vm_state = query.vm_state
  if (query.task_state) equal.task_state = query.task_state.map((state) => (/^(none|null)$/i.test(state) ? '' : state))
  if (query.power_state !== undefined) equal.power_state = numberOf(query.power_state)
  if (query.config_drive !== undefined) equal.config_drive = yes(query.config_drive)
  return equal
}

const numberOf = (text: string): number => (/^\d{1,9}$/.test(text) ? Number(text) : -1)

function timeOf(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const zoned = /(z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}${text.includes('T') || text.includes(':') ? 'Z' : ''}`
  const time = Date.parse(zoned)
  if (Number.isNaN(time)) throw invalid(`Invalid input for query parameters ${name}. Value: ${text}. '${text}' is not a 'date-time'`)
  return new Date(time)
}
