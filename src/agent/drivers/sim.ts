import type { Clock } from '../../kernel/clock.ts'
import { notFound } from '../../kernel/errors.ts'
import { openNotebook } from '../notebook.ts'
import { appended, bootText } from './sim-console.ts'
import type { Driver, GuestSpec, GuestState, Power } from './driver.ts'

interface SimGuest extends GuestState, Pick<GuestSpec, 'id' | 'name' | 'vcpus' | 'memoryMb' | 'diskGb'> {
  readonly host: string
  readonly boots: number
}

/** An act that is about to be done to a guest. */
export interface SimAct {
  readonly verb: 'build' | 'destroy' | 'power' | 'reboot' | 'resize'
  readonly host: string
  readonly id: string
}

export interface SimOptions {
  readonly clock: Clock
  /** Where the guests live on when the process dies; in memory when left out. */
  readonly stateDir?: string | undefined
  /** How long each act takes, in milliseconds; 0 unless given. */
  readonly delaysMs?: Partial<Record<SimAct['verb'], number>>
  /** Called before each act; a Fault thrown here is the hypervisor's refusal, any other error its failure. */
  readonly beforeAct?: (act: SimAct) => Promise<void> | void
}

/** Guests that only seem to be: they have power states and consoles, and cost nothing. Thousands of hosts fit into a process. */
export async function openSimDriver({ clock, stateDir, delaysMs = {}, beforeAct }: SimOptions): Promise<Driver> {
  const notes = await openNotebook<SimGuest>(stateDir, 'guests')
  const byHost = new Map<string, Set<string>>()
  for (const [, { host, id }] of notes.entries()) idsOf(host).add(id)

  function idsOf(host: string): Set<string> {
    const ids = byHost.get(host)
    if (ids) return ids
    const fresh = new Set<string>()
    byHost.set(host, fresh)
    return fresh
  }

  const keyOf = (host: string, id: string) => `${host}/${id}`
  const pretend = async (act: SimAct, signal: AbortSignal) => {
    await beforeAct?.(act)
    const ms = delaysMs[act.verb] ?? 0
    if (ms > 0) await clock.sleep(ms, signal)
    signal.throwIfAborted()
  }
  const keep = async (guest: SimGuest): Promise<GuestState> => {
    await notes.put(keyOf(guest.host, guest.id), guest)
    idsOf(guest.host).add(guest.id)
    return stateOf(guest)
  }
  const guestOf = (host: string, id: string): SimGuest => {
    const guest = notes.get(keyOf(host, id))
    if (!guest) throw notFound(`Instance ${id} could not be found.`)
    return guest
  }

  return {
    name: 'sim',
    guests: (host) => [...(byHost.get(host) ?? [])],
    async build(host, { id, name, vcpus, memoryMb, diskGb }, signal) {
      const there = notes.get(keyOf(host, id))
      if (there) return stateOf(there)
      await pretend({ verb: 'build', host, id }, signal)
      const size = { id, name, vcpus, memoryMb, diskGb }
      return keep({ ...size, host, power: 'running', boots: 1, console: bootText(size, 1) })
    },
    async destroy(host, id, signal) {
      if (!notes.get(keyOf(host, id))) return
      await pretend({ verb: 'destroy', host, id }, signal)
      await notes.remove(keyOf(host, id))
      idsOf(host).delete(id)
    },
    async setPower(host, id, power, signal) {
      guestOf(host, id)
      await pretend({ verb: 'power', host, id }, signal)
      const guest = guestOf(host, id)
      return guest.power === power ? stateOf(guest) : keep(powered(guest, power))
    },
    async reboot(host, id, _hard, signal) {
      guestOf(host, id)
      await pretend({ verb: 'reboot', host, id }, signal)
      return keep(booted(guestOf(host, id)))
    },
    async resize(host, id, { vcpus, memoryMb, diskGb }, signal) {
      guestOf(host, id)
      await pretend({ verb: 'resize', host, id }, signal)
      return keep({ ...guestOf(host, id), vcpus, memoryMb, diskGb })
    },
    state: async (host, id) => stateOf(guestOf(host, id)),
  }
}

const stateOf = ({ power, console }: SimGuest): GuestState => ({ power, console })

const booted = (guest: SimGuest): SimGuest => ({
  ...guest,
  power: 'running',
  boots: guest.boots + 1,
  console: appended(guest.console, bootText(guest, guest.boots + 1)),
})

// A guest that was off boots; one that was paused or suspended goes on where it was.
const powered = (guest: SimGuest, power: Power): SimGuest =>
  power === 'running' && guest.power === 'shutdown' ? booted(guest) : { ...guest, power }
