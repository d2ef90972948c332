import { conflict, invalid } from '../../kernel/errors.ts'
import { readPrefix } from '../prefixes.ts'
import { invalidAttribute } from '../refusals.ts'
import type { FixedIpRequest } from '../ipam/plan.ts'
import type { AddressPair, DhcpOption } from '../tables.ts'
import type { NewPortBody, PortChange } from './schema.ts'

const maxPairs = 10

type Pairs = NonNullable<PortChange['allowed_address_pairs']>

/** Address pairs as a client gave them, with the port's own MAC address where none is named. */
export function checkedPairs(pairs: Pairs, portMac: string): AddressPair[] {
  const checked = pairs.map(({ ip_address: text, mac_address: mac }) => {
    const prefix = readPrefix(text)
    if (!prefix) throw invalidAttribute('allowed_address_pairs', `'${text}' is not a valid IP address.`)
    return { mac_address: (mac ?? portMac).toLowerCase(), ip_address: text.includes('/') ? prefix.text : prefix.text.split('/')[0]! }
  })
  const keys = checked.map((pair) => `${pair.mac_address} ${pair.ip_address}`)
  const twice = checked.find((_pair, index) => keys.indexOf(keys[index]!) !== index)
  if (twice) {
    const message = `Request contains duplicate address pair: mac_address ${twice.mac_address} ip_address ${twice.ip_address}.`
    throw invalid(message, { type: 'DuplicateAddressPairInRequest' })
  }
  if (checked.length > maxPairs)
    throw invalid(`The number of allowed address pair exceeds the maximum ${maxPairs}.`, { type: 'AllowedAddressPairExhausted' })
  return checked
}

/** The port's DHCP options after a change: by name and IP version; a null value removes one. */
export function changedOptions(known: readonly DhcpOption[], given: NonNullable<PortChange['extra_dhcp_opts']>): DhcpOption[] {
  const keyed = new Map(known.map((option) => [`${option.opt_name} ${option.ip_version}`, option]))
  for (const { opt_name: name, opt_value: value, ip_version: version } of given) {
    const key = `${name} ${Number(version ?? 4)}`
    if (value === null) keyed.delete(key)
    else keyed.set(key, { opt_name: name, opt_value: value, ip_version: Number(version ?? 4) as 4 | 6 })
  }
  return [...keyed.values()]
}

/** The addresses that a body asks for; undefined when it leaves them to neutron. */
export function requestedIps(body: Pick<NewPortBody, 'fixed_ips'>): FixedIpRequest[] | undefined {
  if (body.fixed_ips === undefined || body.fixed_ips === null) return undefined
  return body.fixed_ips.map((ip) => ({
    ...(ip.subnet_id !== undefined && { subnetId: ip.subnet_id }),
    ...(ip.ip_address !== undefined && { ipAddress: ip.ip_address }),
  }))
}

/** Refuses what a port without port security can't have. */
export function assertSecurity(port: { portSecurity: boolean; groups: number; pairs: number; hadGroups: boolean }): void {
  if (port.portSecurity) return
  if (port.groups > 0 && port.hadGroups) {
    const message = 'Port has security group associated. Cannot disable port security or IP address until security group is removed.'
    throw conflict(message, { type: 'PortSecurityPortHasSecurityGroup' })
  }
  if (port.groups > 0) {
    const message = 'Port security must be enabled and port must have an IP address in order to use security groups.'
    throw invalid(message, { type: 'PortSecurityAndIPRequiredForSecurityGroups' })
  }
  if (port.pairs > 0) {
    throw conflict('Port Security must be enabled in order to have allowed address pairs on a port.', {
      type: 'AddressPairAndPortSecurityRequired',
    })
  }
}
