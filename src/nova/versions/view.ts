import { maxVersion, minVersion } from './range.ts'

interface Options {
  readonly inFull?: boolean
}

const links = (href: string, { inFull }: Options) => [
  { rel: 'self', href },
  ...(inFull ? [{ rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' }] : []),
]

const media = (version: string, { inFull }: Options) =>
  inFull && { 'media-types': [{ base: 'application/json', type: `application/vnd.openstack.compute+json;version=${version}` }] }

/** The API without microversions; kept in the list because clients look for it. */
export const v2 = (baseUrl: string, options: Options = {}) => ({
  id: 'v2.0',
  status: 'SUPPORTED',
  version: '',
  min_version: '',
  updated: '2011-01-21T11:33:21Z',
  links: links(`${baseUrl}/v2/`, options),
  ...media('2', options),
})

export const v21 = (baseUrl: string, options: Options = {}) => ({
  id: 'v2.1',
  status: 'CURRENT',
  version: maxVersion,
  min_version: minVersion,
  updated: '2013-07-23T11:33:21Z',
  links: links(`${baseUrl}/v2.1/`, options),
  ...media('2.1', options),
})
