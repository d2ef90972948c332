import { openAgent } from '../../src/agent/agent.ts'
import { openSimDriver } from '../../src/agent/drivers/sim.ts'
import { memoryNotebook, type Notebook } from '../../src/agent/notebook.ts'
import { conflict } from '../../src/kernel/errors.ts'
import { quietLog } from '../helpers/quiet-log.ts'
import type { Driver } from '../../src/agent/drivers/driver.ts'
import type { Entry } from '../../src/agent/ledger.ts'
import type { Clock, Ids } from '../../src/kernel/clock.ts'
import type { Messaging } from '../../src/kernel/messaging/messaging.ts'
import type { Chance } from './chance.ts'
import type { Life } from './stage.ts'

/** A machine with a hypervisor: its guests and the agent's notes outlive the agent. */
export interface ComputeHost {
  readonly name: string
  readonly driver: Driver
  readonly notes: Notebook<Entry>
}

/** What a host of the simulation has: room for two small servers. */
export const hostResources = { vcpus: 4, memoryMb: 256, diskGb: 10 }

export const newHost = async (name: string, clock: Clock): Promise<ComputeHost> => ({
  name,
  driver: await openSimDriver({ clock }),
  notes: memoryNotebook(),
})

export interface AgentParts {
  readonly life: Life
  readonly messaging: Messaging
  readonly ids: Ids
  readonly chance: Chance
  /** How often the hypervisor can't build a guest, from 0 to 1. */
  readonly refuses: number
}

/** Starts the agent of a host (again). */
export async function openSimulatedAgent(host: ComputeHost, { life, messaging, ids, chance, refuses }: AgentParts): Promise<void> {
  await openAgent({
    messaging,
    ids,
    log: quietLog,
    clock: life.clock,
    name: `agent of ${host.name}`,
    hosts: [{ name: host.name, resources: hostResources }],
    driver: onStage(host.driver, life, () => chance.happens(refuses)),
    notes: writtenOnStage(host.notes, life),
    heartbeatMs: 2000,
    guestsEveryMs: 6000,
  })
}

/** The hypervisor, whose acts are deeds of the agent: it may die just before and just after each. */
function onStage(driver: Driver, life: Life, refuses: () => boolean): Driver {
  const act = <T>(what: string, run: () => Promise<T>): Promise<T> => life.deed({ kind: 'guest', what, run })
  return {
    name: driver.name,
    guests: (host) => driver.guests(host),
    build: (host, guest, signal) =>
      act(`builds ${guest.id}`, async () => {
        if (!driver.guests(host).includes(guest.id) && refuses()) throw conflict('The hypervisor can not build it.')
        return driver.build(host, guest, signal)
      }),
    destroy: (host, id, signal) => act(`destroys ${id}`, () => driver.destroy(host, id, signal)),
    setPower: (host, id, power, signal) => act(`makes ${id} ${power}`, () => driver.setPower(host, id, power, signal)),
    reboot: (host, id, hard, signal) => act(`reboots ${id}`, () => driver.reboot(host, id, hard, signal)),
    resize: (host, id, size, signal) => act(`resizes ${id}`, () => driver.resize(host, id, size, signal)),
    state: (host, id) => driver.state(host, id),
  }
}

/** Notes whose writing is a deed of the agent. */
const writtenOnStage = (notes: Notebook<Entry>, life: Life): Notebook<Entry> => ({
  get: (key) => notes.get(key),
  entries: () => notes.entries(),
  put: (key, note) =>
    life.deed({ kind: 'note', what: `notes ${note.outcome ? 'the end' : 'the begin'} of an order`, run: () => notes.put(key, note) }),
  remove: (key) => notes.remove(key),
})
