import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { packPayload, unpackPayload, type TokenPayload } from '../tokens/payload.ts'
import { fernetBytes, openFernet, sealFernet } from './fernet.ts'

test('seals and opens the example of the Fernet specification', () => {
  const key = Buffer.from('cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=', 'base64url')
  const iv = Buffer.from(Array.from({ length: 16 }, (_, n) => n))
  const token = sealFernet(key, { payload: Buffer.from('hello'), seconds: 499_162_800, iv })
  expect(token).toBe('gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA')
  const opened = openFernet(key, fernetBytes(`${token}==`)!)!
  expect([opened.payload.toString(), opened.seconds]).toEqual(['hello', 499_162_800])
})

test('opens nothing that another key sealed, that was changed, or that is no token', () => {
  const [key, other] = [randomBytes(32), randomBytes(32)]
  const token = sealFernet(key, { payload: Buffer.from('secret'), seconds: 1, iv: randomBytes(16) })
  const bytes = fernetBytes(token)!
  expect(openFernet(other, bytes)).toBeUndefined()
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 1
    expect(openFernet(key, changed)).toBeUndefined()
  }
  for (const text of ['', 'bad', 'gAAAAA', token.slice(0, -4), `${token}AAAA`, token.replace('g', 'h'), `${token} `, 'a'.repeat(5000)])
    expect(fernetBytes(text)).toBeUndefined()
})

const auditId = () => randomBytes(16).toString('base64url')
const payload: TokenPayload = {
  userId: 'c6373f5e840e4ee9b9dfbd055dd3a648',
  epoch: 7,
  methods: ['password', 'token'],
  scope: { kind: 'project', id: 'e21864b62562421c82ae535f4962c8b4' },
  expiresSeconds: 1_800_000_000,
  auditIds: [auditId(), auditId()],
}

test('a payload comes out as it went in, whatever it is for and however ids look', () => {
  const scopes: TokenPayload['scope'][] = [
    payload.scope,
    { kind: 'domain', id: 'default' },
    { kind: 'project', id: 'ABC-ü' },
    { kind: 'system' },
    { kind: 'none' },
  ]
  for (const scope of scopes) {
    for (const auditIds of [payload.auditIds, [auditId()]]) {
      const one = { ...payload, scope, auditIds, methods: ['token'] as const }
      expect(unpackPayload(packPayload(one))).toEqual(one)
    }
  }
  expect(unpackPayload(Buffer.from('something else'))).toBeUndefined()
})

test('a token is short enough for every header', () => {
  expect(sealFernet(randomBytes(32), { payload: packPayload(payload), seconds: 1, iv: randomBytes(16) }).length).toBeLessThan(255)
})
