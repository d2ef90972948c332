import { describe, expect, test } from 'vitest'
import { isSigned, oauthParameters, signatureBase, signatureOf } from './signature.ts'
import type { RequestHead } from '../../kernel/http/route.ts'

// The example of RFC 5849, 3.4.1.1, whose body is part of what is signed there: here it stands in the query.
const header =
  'OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7", oauth_signature_method="HMAC-SHA1", ' +
  'oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D"'
const search = new URLSearchParams('b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2=&a3=2+q')
const request = { method: 'post', baseUrl: 'http://example.com', path: '/request', search } as RequestHead
const base =
  'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26' +
  'oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26' +
  'oauth_token%3Dkkk9d7dh3k39sjv7'
const secrets = { consumer: 'j49sk3j29djd', token: 'dh893hdasih9' }
const now = new Date(137131201_000)

test('what is signed is as the RFC has it', () => {
  expect(signatureBase(request, oauthParameters(header)!)).toBe(base)
})

describe('a request that was signed', () => {
  const signed = (more: Record<string, string> = {}) => {
    const oauth = new Map([...oauthParameters(header)!, ...Object.entries(more)])
    const signature = signatureOf(signatureBase(request, oauth), oauth.get('oauth_signature_method')!, secrets)
    return signature === undefined ? oauth : new Map([...oauth, ['oauth_signature', signature]])
  }

  test('is good with both digests, for ten minutes to either side', () => {
    expect(isSigned(request, signed(), secrets, now)).toBe(true)
    expect(isSigned(request, signed({ oauth_signature_method: 'HMAC-SHA256' }), secrets, now)).toBe(true)
    for (const [seconds, good] of [
      [600, true],
      [601, false],
      [-600, true],
      [-601, false],
    ] as const)
      expect([seconds, isSigned(request, signed(), secrets, new Date(now.getTime() + seconds * 1000))]).toEqual([seconds, good])
  })

  test('is not when anything of it, or a secret, is another one', () => {
    expect(isSigned({ ...request, method: 'GET' }, signed(), secrets, now)).toBe(false)
    expect(isSigned({ ...request, path: '/other' }, signed(), secrets, now)).toBe(false)
    expect(isSigned({ ...request, search: new URLSearchParams('a=b') }, signed(), secrets, now)).toBe(false)
    expect(isSigned(request, new Map([...signed(), ['oauth_token', 'other']]), secrets, now)).toBe(false)
    for (const other of [{ consumer: 'x' }, { token: '' }]) expect(isSigned(request, signed(), { ...secrets, ...other }, now)).toBe(false)
    for (const more of [{ oauth_signature_method: 'PLAINTEXT' }, { oauth_timestamp: 'x' }, { oauth_nonce: '' }])
      expect([more, isSigned(request, signed(more), secrets, now)]).toEqual([more, false])
    expect(isSigned(request, new Map([...signed(), ['oauth_signature', 'bYT5CMsGcbgUdFHObYMEfcx6bsw=']]), secrets, now)).toBe(false)
  })
})

test('a header that is none of OAuth, or can not be read, is none', () => {
  for (const text of [undefined, '', 'Basic abc', 'OAuth a="%"']) expect(oauthParameters(text)).toBeUndefined()
})
