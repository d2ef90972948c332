import type { Clock } from '../kernel/clock.ts'

/** What a process of a cloud is for. */
export type ProcessKind = 'controller' | 'agent' | 'balancer' | 'database' | 'queue' | 'etcd' | 'keepalived'

export interface TargetProcess {
  readonly name: string
  readonly kind: ProcessKind
  /** The machine that it runs on. */
  readonly host: string
  readonly pid: number
  /** 'running', or in one word why it does not. */
  readonly state: string
  /** Answers 200 while it can serve, where it has such a page. */
  readonly healthUrl?: string
}

/** A program that processes are to run. */
export interface NextProgram {
  readonly folder: string
  readonly version: string
  /** Whether it is the old one. */
  readonly isBack: boolean
}

/** A cloud as a drill sees it: clients' way in, its processes, and what can be done to them. Whoever lacks an ability leaves it out. */
export interface Target {
  readonly kind: 'embedded' | 'lab'
  /** The cloud's identity service: http://…/identity/v3. */
  readonly authUrl: string
  /** Of user `admin`. */
  readonly password: string
  /** The engines, in one word each: postgresql, galera, rabbitmq, … */
  readonly database: string
  readonly messaging: string
  processes(): Promise<readonly TargetProcess[]>
  /** The node of the database that takes the writes; undefined while there is none. */
  writer?(): Promise<TargetProcess | undefined>
  /** Whether all nodes of the database know of each other. One that was frozen believes at first that nothing happened. */
  agrees?(): Promise<boolean>
  /** Whether the database goes on without its node on this machine. */
  goesOnWithout?(host: string): Promise<boolean>
  /** How many connections controllers keep to the database of this machine: not those by which they try whether it is back. */
  sessions?(host: string): Promise<number>
  /** SIGKILL. Whoever supervises the process starts it again. */
  kill(name: string): Promise<void>
  /** SIGSTOP. */
  freeze(name: string): Promise<void>
  /** SIGCONT; does nothing when the process was replaced meanwhile. */
  thaw(name: string): Promise<void>
  /** Ends the process in order. Resolves when its successor runs. */
  restart?(name: string): Promise<void>
  /** Ends the process and keeps it ended until `start`. */
  stop?(name: string): Promise<void>
  start?(name: string): Promise<void>
  /** Where a roll leads to now: to the new program, or back to the old one when the new one is everywhere. */
  nextProgram?(): Promise<NextProgram>
  /** Ends the process in order, and starts it with this program. Resolves when that serves. */
  upgrade?(name: string, program: NextProgram): Promise<void>
  /** Has tokens sealed with the next key, as `skykeel keys rotate` does. Resolves when they are. */
  rotateKeys?(): Promise<void>
  /** Names of the machines. */
  hosts?(): Promise<readonly string[]>
  /** Drops every packet between the machine and all others, without an answer. */
  isolate?(host: string): Promise<void>
  /** Drops what comes in, or what goes out. */
  block?(host: string, direction: 'in' | 'out'): Promise<void>
  /** Leaves its line this many kilobits a second. */
  slow?(host: string, kilobits: number): Promise<void>
  /** Leaves no byte free on the machine's disk. */
  fillDisk?(host: string): Promise<void>
  /** Steps the machine's clock by this time, which may be negative. */
  skewClock?(host: string, ms: number): Promise<void>
  /** Undoes all that isolate, block, slow, fillDisk and skewClock did to the machine. */
  heal?(host: string): Promise<void>
  /** Ends everything on the machine at once, as a loss of power does. */
  powerOff?(host: string): Promise<void>
  powerOn?(host: string): Promise<void>
}

/** What a scenario may need of a target. */
export type Ability = {
  [Name in keyof Target]-?: NonNullable<Target[Name]> extends (...args: any[]) => unknown ? Name : never
}[keyof Target]

/** What each kind of cloud has; a running one may have more, such as a queue of its own. */
export const known: Record<Target['kind'], { readonly abilities: readonly Ability[]; readonly kinds: readonly ProcessKind[] }> = {
  embedded: {
    abilities: ['processes', 'kill', 'freeze', 'thaw', 'restart', 'rotateKeys'],
    kinds: ['controller', 'agent', 'balancer', 'database'],
  },
  lab: {
    abilities: [
      ...([
        'processes',
        'kill',
        'freeze',
        'thaw',
        'restart',
        'stop',
        'start',
        'nextProgram',
        'upgrade',
        'rotateKeys',
        'writer',
        'goesOnWithout',
        'sessions',
      ] as const),
      ...(['hosts', 'isolate', 'block', 'slow', 'fillDisk', 'skewClock', 'heal', 'powerOff', 'powerOn'] as const),
    ],
    kinds: ['controller', 'agent', 'balancer', 'database', 'queue', 'etcd', 'keepalived'],
  },
}

/** Opens the cloud that runs in a state directory; undefined when it is not one of this kind. */
export type OpenTarget = (ctx: { clock: Clock }, stateDir: string) => Promise<Target | undefined>
