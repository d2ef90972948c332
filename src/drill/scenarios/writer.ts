import type { Target, TargetProcess } from '../target.ts'
import { eventually } from '../../kernel/eventually.ts'
import { during, type Limits, type Scenario, type Stage } from './scenario.ts'

/** Longer than any cluster takes to choose another one, in milliseconds. */
const switchMs = 60_000

/** How long it stays away after another has taken its place, and when connections to it may no longer be there, in milliseconds. */
const awayMs = 15_000
const staleAfterMs = 5_000

// The slower of the two engines waits for a lease to run out, 20 s, before it dares to choose.
const switching: Limits = { failed: 0, downtimeMs: 30_000, recoveryMs: 90_000, gapMs: 25_000, stale: 0 }

interface Death {
  readonly name: string
  readonly sentence: string
  readonly fault: string
  readonly needs: Scenario['needs']['abilities']
  readonly limits?: Limits
  /** What is struck, by name. */
  victim(writer: TargetProcess): string
  fall(stage: Stage, target: Target, writer: TargetProcess): Promise<void>
}

const deaths: readonly Death[] = [
  {
    name: 'kill-writer',
    sentence: 'Kills the node of the database that takes the writes.',
    fault: 'kill -9 writer',
    needs: ['kill'],
    victim: ({ name }) => name,
    fall: (_, target, { name }) => target.kill(name),
  },
  {
    name: 'freeze-writer',
    sentence: `Freezes the node of the database that takes the writes until another has had its place for ${awayMs / 1000} s.`,
    fault: 'SIGSTOP writer',
    needs: ['freeze', 'thaw'],
    victim: ({ name }) => name,
    fall: (stage, target, writer) =>
      away(stage, target, { writer, begin: () => target.freeze(writer.name), end: () => target.thaw(writer.name) }),
  },
  {
    name: 'isolate-writer',
    sentence: `Cuts the machine off whose database takes the writes, until another has had its place for ${awayMs / 1000} s.`,
    fault: 'isolate writer',
    needs: ['isolate', 'heal'],
    // It may hold the clients' address too: then their connections break.
    limits: { downtimeMs: 30_000, recoveryMs: 120_000, gapMs: 40_000, stale: 0 },
    victim: ({ host }) => host,
    fall: (stage, target, writer) =>
      away(stage, target, { writer, begin: () => target.isolate!(writer.host), end: () => target.heal!(writer.host) }),
  },
]

// The others take its place, and some seconds later no controller that clients reach may hold on to it.
async function away(stage: Stage, target: Target, { writer, begin, end }: Away): Promise<void> {
  await during(stage, awayMs - staleAfterMs, {
    begin: async () => {
      await begin()
      await eventually(stage, () => target.goesOnWithout!(writer.host), { timeoutMs: switchMs, everyMs: 250 })
      await stage.clock.sleep(staleAfterMs, stage.signal)
      stage.stale(await target.sessions!(writer.host))
    },
    end,
  })
}

interface Away {
  readonly writer: TargetProcess
  begin(): Promise<void>
  end(): Promise<void>
}

const dying = ({ name, sentence, fault, needs, limits = switching, victim, fall }: Death): Scenario => ({
  name,
  sentence,
  needs: { abilities: ['writer', 'goesOnWithout', 'sessions', ...needs], kinds: ['database'] },
  mayRefuse: true,
  limits,
  async blow(stage, target) {
    let writer: TargetProcess | undefined
    await eventually(stage, async () => (writer = await target.writer!()) !== undefined, { timeoutMs: switchMs })
    if (!writer) throw new Error('no node of the database takes writes')
    stage.mark(fault, victim(writer))
    await fall(stage, target, writer)
  },
})

export const writers: readonly Scenario[] = deaths.map(dying)
