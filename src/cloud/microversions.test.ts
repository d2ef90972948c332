import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { microversions } from './microversions.ts'
import type { RequestHead } from '../kernel/http/route.ts'

const compute = microversions('compute', { min: '2.1', max: '2.96', legacyHeader: 'X-OpenStack-Nova-API-Version' })
const head = (headers: RequestHead['headers']): RequestHead => ({
  method: 'GET',
  path: '/',
  search: new URLSearchParams(),
  headers,
  baseUrl: '',
  rootUrl: '',
})
const chosen = (value: string, name = 'openstack-api-version') => compute.choose(head({ [name]: value }))

describe('a microversion', () => {
  test('is the lowest when nobody asks for one', () => {
    for (const headers of [
      {},
      { 'openstack-api-version': '' },
      { 'openstack-api-version': 'placement 1.30' },
      { 'x-openstack-nova-api-version': '' },
    ])
      expect(compute.choose(head(headers))).toBe(2_001)
  })

  test('is asked for by either header, for one service among several; the newer header counts', () => {
    expect(chosen('compute 2.79')).toBe(2_079)
    expect(chosen('placement 1.30, compute 2.79')).toBe(2_079)
    expect(chosen('compute latest')).toBe(2_096)
    expect(chosen('2.15', 'x-openstack-nova-api-version')).toBe(2_015)
    expect(compute.choose(head({ 'openstack-api-version': 'compute 2.30', 'x-openstack-nova-api-version': '2.15' }))).toBe(2_030)
  })

  test.each(['compute 2.97', 'compute 2.0', 'compute 3.0', 'compute 1.96'])('%j is there no more, or not yet', (value) => {
    const version = value.split(' ')[1]!
    expect(() => chosen(value)).toThrow(
      expect.objectContaining({
        kind: 'notAcceptable',
        message: `Version ${version} is not supported by the API. Minimum is 2.1 and maximum is 2.96.`,
        details: expect.objectContaining({ headers: expect.objectContaining({ 'openstack-api-version': value }) }),
      }),
    )
  })

  test.each(['compute 2', 'compute 2.', 'compute 2.01', 'compute two', 'compute 2.1.1', 'compute -2.1'])('%j is none', (value) => {
    expect(() => chosen(value)).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })

  test('is in the range or refused, whatever the headers', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `compute ${text}`),
        ),
        (value) => {
          try {
            const version = chosen(value)
            expect(version >= 2_001 && version <= 2_096).toBe(true)
          } catch (error) {
            expect(['invalid', 'notAcceptable']).toContain((error as { kind?: string }).kind)
          }
        },
      ),
    )
  })

  test('is told in the answer, with what the answer depends on', () => {
    expect(compute.headers(2_079)).toEqual({
      'openstack-api-version': 'compute 2.79',
      'x-openstack-nova-api-version': '2.79',
      vary: 'OpenStack-API-Version, X-OpenStack-Nova-API-Version',
    })
    expect(compute.headers(undefined)).toEqual({})
  })
})
