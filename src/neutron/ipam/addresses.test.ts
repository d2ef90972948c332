import { describe, expect, test } from 'vitest'
import { readPrefix } from '../prefixes.ts'
import { addressAt, eui64, keyOf, readAddress, valueOfKey } from './addresses.ts'
import { checkedPools, defaultPools } from '../subnets/pools.ts'

describe('addresses', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::', '::'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
    ['fe80:0:0:1::', 'fe80:0:0:1::'],
  ])('%s is written %s', (given, usual) => {
    const address = readAddress(given)!
    expect(address.text).toBe(usual)
    expect(addressAt(valueOfKey(keyOf(address.value)), address.version).text).toBe(usual)
  })

  test.each(['', 'x', '10.0.0', '10.0.0.256', '010.0.0.1', '10.0.0.1/24', 'fe80::1%eth0', ':::', '1'])('%j is no address', (text) => {
    expect(readAddress(text)).toBeUndefined()
  })

  test('keys sort like the numbers', () => {
    const texts = ['10.0.0.9', '10.0.0.10', '10.0.1.0', '200.0.0.1']
    expect(texts.map((text) => keyOf(readAddress(text)!.value)).toSorted()).toEqual(texts.map((text) => keyOf(readAddress(text)!.value)))
  })

  test('a guest makes its own address of its MAC address', () => {
    expect(eui64(readPrefix('fd00::/64')!, '02:00:00:00:00:01').text).toBe('fd00::ff:fe00:1')
    expect(eui64(readPrefix('fd00::/64')!, 'fa:16:3e:aa:bb:cc').text).toBe('fd00::f816:3eff:feaa:bbcc')
  })

  test('pools leave out the network, the broadcast address and the gateway', () => {
    const pools = (cidr: string, gateway?: string) =>
      defaultPools(readPrefix(cidr)!, gateway === undefined ? undefined : readAddress(gateway))
    expect(pools('10.0.0.0/30', '10.0.0.1')).toEqual([{ start: '10.0.0.2', end: '10.0.0.2' }])
    expect(pools('10.0.0.0/31')).toEqual([{ start: '10.0.0.0', end: '10.0.0.1' }])
    expect(pools('10.0.0.0/32')).toEqual([{ start: '10.0.0.0', end: '10.0.0.0' }])
    expect(pools('10.0.0.0/29', '10.0.0.6')).toEqual([{ start: '10.0.0.1', end: '10.0.0.5' }])
    expect(pools('10.0.0.0/29', '192.168.0.1')).toEqual([{ start: '10.0.0.1', end: '10.0.0.6' }])
    expect(pools('fd00::/126')).toEqual([{ start: 'fd00::1', end: 'fd00::3' }])
    expect(
      checkedPools(
        [
          { start: '10.0.0.20', end: '10.0.0.30' },
          { start: '10.0.0.2', end: '10.0.0.9' },
        ],
        readPrefix('10.0.0.0/24')!,
        undefined,
      ),
    ).toEqual([
      { start: '10.0.0.2', end: '10.0.0.9' },
      { start: '10.0.0.20', end: '10.0.0.30' },
    ])
  })
})
