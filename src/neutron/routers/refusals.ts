import { conflict, invalid, notFound, type Fault } from '../../kernel/errors.ts'

export const noRouter = (id: string): Fault => notFound(`Router ${id} could not be found`, { type: 'RouterNotFound' })
export const badRouter = (reason: string): Fault => invalid(`Bad router request: ${reason}.`, { type: 'BadRequest' })
export const routerInUse = (id: string): Fault => conflict(`Router ${id} still has ports`, { type: 'RouterInUse' })

export const gatewayNeeded = (routerId: string, networkId: string): Fault =>
  conflict(
    `Gateway cannot be updated for router ${routerId}, since a gateway to external network ${networkId} is required by one or more floating IPs.`,
    {
      type: 'RouterExternalGatewayInUseByFloatingIp',
    },
  )

const interfaceNeeded = (type: string, by: string) => (routerId: string, subnetId: string) =>
  conflict(`Router interface for subnet ${subnetId} on router ${routerId} cannot be deleted, as it is required by one or more ${by}.`, {
    type,
  })
export const neededByFloatingIp = interfaceNeeded('RouterInterfaceInUseByFloatingIP', 'floating IPs')
export const neededByRoute = interfaceNeeded('RouterInterfaceInUseByRoute', 'routes')

export const noInterface = (routerId: string, portId: string): Fault =>
  notFound(`Router ${routerId} does not have an interface with id ${portId}`, { type: 'RouterInterfaceNotFound' })
export const noInterfaceOnSubnet = (routerId: string, subnetId: string): Fault =>
  notFound(`Router ${routerId} has no interface on subnet ${subnetId}`, { type: 'RouterInterfaceNotFoundForSubnet' })
