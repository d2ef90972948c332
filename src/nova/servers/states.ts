import { conflict } from '../../kernel/errors.ts'

export type VmState =
  | 'building'
  | 'active'
  | 'stopped'
  | 'paused'
  | 'suspended'
  | 'rescued'
  | 'resized'
  | 'shelved'
  | 'shelved_offloaded'
  | 'error'
  | 'deleted'

export type TaskState =
  | 'scheduling'
  | 'networking'
  | 'spawning'
  | 'powering-off'
  | 'powering-on'
  | 'rebooting'
  | 'rebooting_hard'
  | 'rebuilding'
  | 'deleting'

/** What the hypervisor says of the guest, in nova's numbers. */
export type PowerState = 0 | 1 | 3 | 4 | 6 | 7
export const powerStates = { none: 0, running: 1, paused: 3, shutdown: 4, crashed: 6, suspended: 7 } as const satisfies Record<
  string,
  PowerState
>

/** The status that users see: one for each state, unless a task at work says more. */
const statuses: Record<VmState, { readonly plain: string } & { readonly [Task in TaskState]?: string }> = {
  building: { plain: 'BUILD' },
  active: { plain: 'ACTIVE', rebooting: 'REBOOT', rebooting_hard: 'HARD_REBOOT', rebuilding: 'REBUILD' },
  stopped: { plain: 'SHUTOFF', rebooting_hard: 'HARD_REBOOT', rebuilding: 'REBUILD' },
  paused: { plain: 'PAUSED', rebooting_hard: 'HARD_REBOOT' },
  suspended: { plain: 'SUSPENDED', rebooting_hard: 'HARD_REBOOT' },
  rescued: { plain: 'RESCUE' },
  resized: { plain: 'VERIFY_RESIZE' },
  shelved: { plain: 'SHELVED' },
  shelved_offloaded: { plain: 'SHELVED_OFFLOADED' },
  error: { plain: 'ERROR', rebooting_hard: 'HARD_REBOOT', rebuilding: 'REBUILD' },
  deleted: { plain: 'DELETED' },
}

export const statusOf = (vmState: VmState, taskState: TaskState | null): string =>
  (taskState && statuses[vmState][taskState]) ?? statuses[vmState].plain

/** What a status says of states. */
export interface StateMatch {
  readonly vmState: VmState
  /** Undefined: every task but those in `notTasks`. */
  readonly task?: TaskState
  readonly notTasks: readonly TaskState[]
}

/** All states that users see under this status; none for a status that there is not. */
export function statesOf(status: string): StateMatch[] {
  const wanted = status.toUpperCase()
  return Object.entries(statuses).flatMap(([vmState, { plain, ...byTask }]) => {
    const tasks = Object.entries(byTask) as [TaskState, string][]
    const matches: StateMatch[] = tasks
      .filter(([, name]) => name === wanted)
      .map(([task]) => ({ vmState: vmState as VmState, task, notTasks: [] }))
    if (plain === wanted) matches.push({ vmState: vmState as VmState, notTasks: tasks.map(([task]) => task) })
    return matches
  })
}

interface Transition {
  readonly from: readonly VmState[]
  /** What the server is doing meanwhile. */
  readonly task: TaskState | null
}

const living: readonly VmState[] = ['active', 'stopped', 'paused', 'suspended', 'error']

/** What may be asked of a server in which state, and what it is busy with then. */
export const transitions = {
  start: { from: ['stopped'], task: 'powering-on' },
  stop: { from: ['active', 'error'], task: 'powering-off' },
  rebootSoft: { from: ['active'], task: 'rebooting' },
  rebootHard: { from: living, task: 'rebooting_hard' },
  changeMetadata: { from: ['active', 'paused', 'suspended', 'stopped'], task: null },
} as const satisfies Record<string, Transition>

interface State {
  readonly id: string
  readonly vm_state: VmState
  readonly task_state: TaskState | null
  readonly locked_by: 'owner' | 'admin' | null
  readonly host: string | null
}

/** Refuses with `conflict` when the server is locked, has no host yet, or its state does not allow it; `verb` names it to the user. */
export function assertAllowed(server: State, transition: Transition, verb: string, { isAdmin = false } = {}): void {
  assertUnlocked(server, isAdmin)
  if (transition.task && !server.host) throw conflict(`Instance ${server.id} is not ready`)
  assertState(server, transition, verb)
}

/** Refuses with `conflict` unless the state allows it. */
export function assertState(server: State, transition: Transition, verb: string): void {
  const refuse = (attribute: string, state: string) =>
    conflict(`Cannot '${verb}' instance ${server.id} while it is in ${attribute} ${state}`)
  if (!transition.from.includes(server.vm_state)) throw refuse('vm_state', server.vm_state)
  if (transition.task && server.task_state) throw refuse('task_state', server.task_state)
}

/** Refuses with `conflict` when the server is locked to the one who asks. */
export function assertUnlocked(server: Pick<State, 'id' | 'locked_by'>, isAdmin: boolean): void {
  if (server.locked_by && !isAdmin) throw conflict(`Instance ${server.id} is locked`)
}
