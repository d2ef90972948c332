/** What a host has to give. */
export interface Resources {
  readonly vcpus: number
  readonly memoryMb: number
  readonly diskGb: number
}

/** A guest as the control plane orders it. */
export interface GuestSpec {
  readonly id: string
  readonly name: string
  readonly vcpus: number
  readonly memoryMb: number
  readonly diskGb: number
  readonly imageId: string | null
  readonly nics: readonly unknown[]
}

export type Power = 'running' | 'paused' | 'suspended' | 'shutdown'

/** What became of a guest: the result of every order but `destroy`. */
export interface GuestState {
  readonly power: Power
  /** What it wrote to its console, the newest output only. */
  readonly console: string
}

/**
 * A kind of hypervisor, for all hosts of one agent process. Every act may be repeated after a crash, and must then end where a
 * single one would have ended: building a guest that is there builds no other, destroying one that is gone is done already.
 * An act throws a Fault to refuse: then nothing of it remains. It stops soon after `signal` aborts. Any other error means "try again".
 */
export interface Driver {
  /** As hypervisors are listed: sim, qemu. */
  readonly name: string
  /** The ids of the guests that a host has, in no order. */
  guests(host: string): readonly string[]
  build(host: string, guest: GuestSpec, signal: AbortSignal): Promise<GuestState>
  destroy(host: string, id: string, signal: AbortSignal): Promise<void>
  setPower(host: string, id: string, power: Power, signal: AbortSignal): Promise<GuestState>
  reboot(host: string, id: string, hard: boolean, signal: AbortSignal): Promise<GuestState>
  /** Gives a guest another size; it keeps its power state. */
  resize(host: string, id: string, size: Resources, signal: AbortSignal): Promise<GuestState>
  /** How the guest is now. */
  state(host: string, id: string): Promise<GuestState>
}
