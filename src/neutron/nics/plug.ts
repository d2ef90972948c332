import { conflict, notFound } from '../../kernel/errors.ts'
import { createPort } from '../ports/create.ts'
import { deletePort } from '../ports/delete.ts'
import { changePort, portById, portsOfDevices } from '../ports/store.ts'
import { changedMeanwhile } from '../refusals.ts'
import { portIdFor, type NicPlan } from './nic.ts'
import { markPortsActive, movePorts } from './store.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'

export interface PlugNics {
  readonly serverId: string
  readonly projectId: string
  readonly host: string
  readonly availabilityZone: string
  readonly nics: readonly NicPlan[]
}

/**
 * Makes or takes a port for each planned interface and binds it to the server and its host. Doing it again changes
 * nothing but the host. Refuses what `createPort` refuses, and with PortInUse when another was quicker to take a port.
 */
export async function plugNics(ctx: Context, tx: Tx, { serverId, projectId, host, availabilityZone, nics }: PlugNics): Promise<void> {
  const binding = { device_id: serverId, device_owner: `compute:${availabilityZone}`, host_id: host }
  for (const nic of nics) {
    const portId = nic.portId ?? portIdFor(serverId, nic.id)
    const port = await portById(tx, portId)
    if (!port && nic.portId !== undefined) throw notFound(`Port ${portId} could not be found.`, { type: 'PortNotFound' })
    if (!port) {
      await createPort(ctx, tx, {
        id: portId,
        projectId,
        networkId: nic.networkId,
        deviceId: serverId,
        deviceOwner: binding.device_owner,
        hostId: host,
        madeForServer: true,
        ...(nic.fixedIp !== undefined && { fixedIps: [{ ipAddress: nic.fixedIp }] }),
        ...(nic.securityGroupIds && { groupIds: nic.securityGroupIds }),
      })
      continue
    }
    if (port.device_id !== '' && port.device_id !== serverId) throw conflict(`Port ${portId} is still in use.`, { type: 'PortInUse' })
    if (port.device_id === serverId && port.host_id === host) continue
    if (!(await changePort(ctx, tx, port, binding))) throw changedMeanwhile(`port ${portId}`)
  }
}

/** Marks the server's interfaces as up, once its guest runs. */
export const markNicsActive = (ctx: Context, tx: Tx, { serverId }: { serverId: string }): Promise<void> =>
  markPortsActive(ctx, tx, serverId)

/** Binds the server's interfaces to another host, as a migration or evacuation does. */
export const moveNics = (ctx: Context, tx: Tx, { serverId, host }: { serverId: string; host: string }): Promise<void> =>
  movePorts(ctx, tx, serverId, host)

/** Deletes the ports that were made for the server and frees those that were given. Harmless when there are none. */
export async function unplugNics(ctx: Context, tx: Tx, { serverId }: { serverId: string }): Promise<void> {
  for (const port of await portsOfDevices(tx, [serverId])) {
    if (port.made_for_server) await deletePort(ctx, tx, port.id)
    else if (!(await changePort(ctx, tx, port, free))) throw changedMeanwhile(`port ${port.id}`)
  }
}

/** Takes one port from the server: deletes it if it was made for it, else frees it. False when it is not the server's. */
export async function unplugPort(ctx: Context, tx: Tx, { serverId, portId }: { serverId: string; portId: string }): Promise<boolean> {
  const port = await portById(tx, portId)
  if (port?.device_id !== serverId) return false
  if (port.made_for_server) await deletePort(ctx, tx, port.id)
  else if (!(await changePort(ctx, tx, port, free))) throw changedMeanwhile(`port ${port.id}`)
  return true
}

const free = { device_id: '', device_owner: '', host_id: '', status: 'DOWN' } as const
