import type { Ability, Target, TargetProcess } from '../target.ts'
import { cutting, during, type Limits, ofKind, type Scenario, type Stage } from './scenario.ts'
import { shuffled } from './roll.ts'

const lastsMs = 15_000
const slowKilobits = 256
const skewMs = 60_000

// A machine may be the one that holds the clients' address: then their connections break until the other one has it.
const oneMachine: Limits = { ...cutting, downtimeMs: 30_000, recoveryMs: 90_000 }

interface Ill {
  readonly name: string
  readonly sentence: string
  readonly needs: Ability
  readonly fault: string
  readonly limits: Limits
  begin(target: Target, host: string, sign: number): Promise<void>
}

const ills: readonly Ill[] = [
  {
    name: 'isolate-host',
    sentence: `Cuts a machine off from all others for ${lastsMs / 1000} s, without an answer to what is sent to it.`,
    needs: 'isolate',
    fault: 'isolate',
    limits: oneMachine,
    begin: (target, host) => target.isolate!(host),
  },
  {
    name: 'one-way-partition',
    sentence: `Drops what a machine sends, or what is sent to it, for ${lastsMs / 1000} s.`,
    needs: 'block',
    fault: 'block',
    limits: oneMachine,
    begin: (target, host, sign) => target.block!(host, sign < 0 ? 'in' : 'out'),
  },
  {
    name: 'slow-link',
    sentence: `Leaves the line of a machine ${slowKilobits} kilobits a second for ${lastsMs / 1000} s.`,
    needs: 'slow',
    fault: `slow link (${slowKilobits} kbit/s)`,
    limits: oneMachine,
    begin: (target, host) => target.slow!(host, slowKilobits),
  },
  {
    name: 'full-disk',
    sentence: `Fills the disk of a machine for ${lastsMs / 1000} s.`,
    needs: 'fillDisk',
    fault: 'full disk',
    limits: oneMachine,
    begin: (target, host) => target.fillDisk!(host),
  },
  {
    name: 'clock-step',
    sentence: `Steps the clock of a machine by ${skewMs / 1000} s, forward or back, for ${lastsMs / 1000} s.`,
    needs: 'skewClock',
    fault: 'clock step',
    limits: { failed: 0, falseDowns: 0, downtimeMs: 0, recoveryMs: 60_000 },
    begin: (target, host, sign) => target.skewClock!(host, sign * skewMs),
  },
]

const making = ({ name, sentence, needs, fault, limits, begin }: Ill): Scenario => ({
  name,
  sentence,
  needs: { abilities: ['hosts', needs, 'heal'], kinds: [] },
  mayRefuse: true,
  // Where nobody may be taken for dead, neither may what is struck.
  maySilence: limits.falseDowns === undefined,
  limits,
  async blow(stage, target, choose) {
    const host = choose(await target.hosts!())
    const sign = choose([1, -1])
    const holdsWriter = (await target.writer?.())?.host === host
    stage.mark(holdsWriter ? `${fault} writer` : fault, host)
    await during(stage, lastsMs, { begin: () => begin(target, host, sign), end: () => target.heal!(host) })
  },
})

const partition: Scenario = {
  name: 'partition',
  sentence: `Cuts the smaller half of the machines off for ${lastsMs / 1000} s, with a minority of the database's nodes.`,
  needs: { abilities: ['hosts', 'isolate', 'heal'], kinds: [] },
  mayRefuse: true,
  maySilence: true,
  // Hosts for guests may be on the smaller side, all of them.
  mayError: true,
  limits: oneMachine,
  async blow(stage, target, choose) {
    const minority = minorityOf(shuffled(await target.hosts!(), choose), await ofKind(target, 'database'))
    stage.mark('partition', minority.join(' + '))
    await during(stage, lastsMs, {
      begin: async () => void (await Promise.all(minority.map((host) => target.isolate!(host)))),
      end: async () => void (await Promise.all(minority.map((host) => target.heal!(host)))),
    })
  },
}

/** The first of these, so many that they are fewer than half, and that so are the nodes of the database among them. */
export function minorityOf(hosts: readonly string[], databases: readonly TargetProcess[]): string[] {
  const lessThanHalf = (all: number) => Math.floor((all - 1) / 2)
  const isVoter = (host: string) => databases.some((one) => one.host === host)
  const voters = hosts.filter(isVoter)
  const spared = new Set(voters.slice(lessThanHalf(voters.length)))
  return hosts.filter((host) => !spared.has(host)).slice(0, lessThanHalf(hosts.length))
}

const switching = { abilities: ['hosts', 'powerOff', 'powerOn'], kinds: [] } as const satisfies Scenario['needs']

const powerLoss: Scenario = {
  name: 'power-off-host',
  sentence: `Switches a machine off, and on again after ${lastsMs / 1000} s.`,
  needs: switching,
  mayRefuse: true,
  maySilence: true,
  limits: oneMachine,
  async blow(stage, target, choose) {
    const host = choose(await target.hosts!())
    stage.mark('power off', host)
    await off(stage, target, [host], [host])
  },
}

const allOff: Scenario = {
  name: 'all-off',
  sentence: 'Switches all machines off and on again, each time in an order that chance decides. Nobody helps them up.',
  needs: switching,
  mayRefuse: true,
  mayError: true,
  limits: { downtimeMs: 180_000, recoveryMs: 240_000 },
  async blow(stage, target, choose) {
    const hosts = await target.hosts!()
    stage.mark('power off', 'all machines')
    await off(stage, target, shuffled(hosts, choose), shuffled(hosts, choose))
  },
}

const off = (stage: Stage, target: Target, first: readonly string[], then: readonly string[]) =>
  during(stage, lastsMs, {
    begin: async () => {
      for (const host of first) await target.powerOff!(host)
    },
    end: async () => {
      for (const host of then) await target.powerOn!(host)
    },
  })

export const machines: readonly Scenario[] = [...ills.map(making), partition, powerLoss, allOff]
