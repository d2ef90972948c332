import { conflict, invalid, notFound } from '../kernel/errors.ts'

/** Neutron's refusals that more than one room needs, in its own words. */
export const networkNotFound = (id: string) => notFound(`Network ${id} could not be found.`, { type: 'NetworkNotFound' })
export const subnetNotFound = (id: string) => notFound(`Subnet ${id} could not be found.`, { type: 'SubnetNotFound' })
export const portNotFound = (id: string) => notFound(`Port ${id} could not be found.`, { type: 'PortNotFound' })

/** Input that is well-formed but makes no sense. */
export const invalidInput = (message: string) => invalid(`Invalid input for operation: ${message}.`, { type: 'InvalidInput' })

/** An attribute with a value that its validator refuses; `reason` ends with a full stop. */
export const invalidAttribute = (attribute: string, reason: string) => invalid(`Invalid input for ${attribute}. Reason: ${reason}`)

export const addressInUse = (address: string, subnetId: string) =>
  conflict(`IP address ${address} already allocated in subnet ${subnetId}`, { type: 'IpAddressAlreadyAllocated' })

export const noMoreAddresses = (networkId: string) =>
  conflict(`No more IP addresses available on network ${networkId}.`, { type: 'IpAddressGenerationFailure' })

export const macInUse = (mac: string, networkId: string) =>
  conflict(`Unable to complete operation for network ${networkId}. The mac address ${mac} is in use.`, { type: 'MacAddressInUse' })

/** Has the whole transaction run again, because what it read is no longer so. */
export const changedMeanwhile = (what: string): Error => Object.assign(new Error(`${what} changed meanwhile`), { code: '40001' })
