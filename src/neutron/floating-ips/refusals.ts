import { conflict, invalid, notFound, type Fault } from '../../kernel/errors.ts'
import type { FloatingIpRow } from '../routing-tables.ts'

export const noFloatingIp = (id: string): Fault => notFound(`Floating IP ${id} could not be found`, { type: 'FloatingIPNotFound' })
export const badFloatingIp = (reason: string): Fault => invalid(`Bad floatingip request: ${reason}.`, { type: 'BadRequest' })

export const unreachable = ({ networkId, subnetId, portId }: { networkId: string; subnetId: string; portId: string }): Fault =>
  notFound(
    `External network ${networkId} is not reachable from subnet ${subnetId}.  Therefore, cannot associate Port ${portId} with a Floating IP.`,
    {
      type: 'ExternalGatewayForFloatingIPNotFound',
    },
  )

export function alreadyAssociated(fip: FloatingIpRow, { portId, fixedAddress }: { portId: string; fixedAddress: string }): Fault {
  const what = `floating IP ${fip.floating_ip_address} (${fip.id}) with port ${portId} using fixed IP ${fixedAddress}`
  const why = `as that fixed IP already has a floating IP on external network ${fip.floating_network_id}`
  return conflict(`Cannot associate ${what}, ${why}.`, { type: 'FloatingIPPortAlreadyAssociated' })
}

export const noIpv4Left = (networkId: string): Fault =>
  invalid(`Unable to find any IP address on external network ${networkId}.`, { type: 'ExternalIpAddressExhausted' })
