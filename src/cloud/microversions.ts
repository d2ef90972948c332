import { Fault, invalid } from '../kernel/errors.ts'
import { formatVersion, parseVersion, type Version } from '../kernel/http/schema.ts'
import type { RequestHead } from '../kernel/http/route.ts'

/** How an API counts its versions. */
export interface Microversions {
  readonly min: string
  readonly max: string
  choose(head: RequestHead): Version
  headers(version: Version | undefined): Record<string, string>
}

/** Refusals carry this type, so that a dialect can word them. */
export const badVersion = 'microversion'

/**
 * Microversions of a service type ('compute', 'placement'), asked for by `OpenStack-API-Version: compute 2.79` or by an
 * older header of its own. No header means the minimum, `latest` the maximum.
 */
export function microversions(type: string, range: { min: string; max: string; legacyHeader?: string }): Microversions {
  const min = parseVersion(range.min)!
  const max = parseVersion(range.max)!
  const names = ['OpenStack-API-Version', ...(range.legacyHeader ? [range.legacyHeader] : [])]
  const choose = (head: RequestHead): Version => {
    const wanted = wantedVersion(head, type, range.legacyHeader)
    if (wanted === undefined) return min
    if (wanted === 'latest') return max
    const version = parseVersion(wanted)
    if (!version)
      throw invalid(`API Version String ${wanted.slice(0, 64)} is of invalid format. Must be of format MajorNum.MinorNum.`, {
        type: badVersion,
      })
    if (version < min || version > max) {
      const message = `Version ${wanted} is not supported by the API. Minimum is ${range.min} and maximum is ${range.max}.`
      throw new Fault('notAcceptable', message, { type: badVersion, headers: versionHeaders(wanted) })
    }
    return version
  }
  const versionHeaders = (text: string): Record<string, string> => ({
    'openstack-api-version': `${type} ${text}`,
    ...(range.legacyHeader && { [range.legacyHeader.toLowerCase()]: text }),
    vary: names.join(', '),
  })
  return {
    min: range.min,
    max: range.max,
    choose,
    headers: (version) => (version === undefined ? {} : versionHeaders(formatVersion(version))),
  }
}

function wantedVersion(head: RequestHead, type: string, legacyHeader: string | undefined): string | undefined {
  const header = head.headers['openstack-api-version']
  for (const part of String(header ?? '').split(',')) {
    const [name, version] = part.trim().split(/\s+/)
    if (name === type && version !== undefined) return version
  }
  const legacy = legacyHeader && head.headers[legacyHeader.toLowerCase()]
  return typeof legacy === 'string' && legacy !== '' ? legacy.trim() : undefined
}
