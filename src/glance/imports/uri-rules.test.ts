import { describe, expect, test } from 'vitest'
import { readNetworks } from '../../kernel/networks.ts'
import { isPublic } from './addresses.ts'
import { chosenAddress, downloadsFrom, mayConnect, readUri } from './uri-rules.ts'

describe('an address', () => {
  test.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'no address',
  ])('%s is none of the public internet', (address) => {
    expect(isPublic(address)).toBe(false)
  })

  test.each(['1.1.1.1', '172.32.0.1', '192.169.0.1', '8.8.8.8', '2606:4700::1111', '2a00:1450::1', '::ffff:8.8.8.8'])(
    '%s is one',
    (address) => {
      expect(isPublic(address)).toBe(true)
    },
  )
})

describe('where images are downloaded from', () => {
  const usual = downloadsFrom([])
  const own = downloadsFrom(['10.1.0.0/16', 'fd00::/8'])

  test.each([
    'http://example.com/a',
    'https://example.com/a?b=c',
    'https://example.com:80/',
    'http://8.8.8.8/',
    'https://[2606:4700::1111]/',
  ])('%s may be', (uri) => {
    expect(readUri(uri, usual)?.href).toBe(uri)
  })

  test.each([
    'http://example.com:22/',
    'http://example.com:8774/',
    'ftp://example.com/',
    'gopher://example.com/',
    'file:///etc/passwd',
    'http://me:secret@example.com/',
    'http://8.8.8.8:22/',
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://[fe80::1%25eth0]/',
    'http://',
  ])('%s may not', (uri) => {
    expect(readUri(uri, usual)).toBeUndefined()
  })

  test('a network of the operator is, at any port, and no other one with it', () => {
    expect(mayConnect('10.1.2.3', 8080, own)).toBe(true)
    expect(mayConnect('fd00::1', 8080, own)).toBe(true)
    expect(mayConnect('10.2.0.1', 80, own)).toBe(false)
    expect(mayConnect('8.8.8.8', 8080, own)).toBe(false)
    expect(readUri('http://images.internal:8080/', own)?.port).toBe('8080')
  })

  test('a name is asked at its first address, and at none when one of them may not be', () => {
    expect(chosenAddress(['8.8.8.8', '2606:4700::1111', '1.1.1.1'], 80, usual)).toBe('8.8.8.8')
    expect(chosenAddress(['2606:4700::1111', '10.1.2.3'], 80, own)).toBe('2606:4700::1111')
    for (const inside of ['127.0.0.1', '169.254.169.254', '10.2.0.1', '::1', 'fe80::1'])
      for (const addresses of [
        ['8.8.8.8', inside],
        [inside, '8.8.8.8'],
        ['8.8.8.8', inside, '1.1.1.1'],
      ])
        expect(chosenAddress(addresses, 80, own), String(addresses)).toBeUndefined()
    expect(chosenAddress(['10.1.2.3', '8.8.8.8'], 8080, own)).toBeUndefined()
    expect(chosenAddress([], 80, own)).toBeUndefined()
  })

  test.each(['10.0.0.0/33', 'example.com', '10.0.0.0/', '::/129', '10.0.0.0/8/8x'])('%s is no network', (text) => {
    expect(() => readNetworks([text])).toThrow('is no network')
  })
})
