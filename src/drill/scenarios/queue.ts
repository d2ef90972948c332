import { during, ofKind, type Scenario, unnoticed } from './scenario.ts'

const words = (seconds: number): string => (seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} s`)

const down = (name: string, seconds: number): Scenario => ({
  name,
  sentence: `Stops every node of the message queue for ${words(seconds)}: requests go on, and so does the work.`,
  needs: { abilities: ['stop', 'start'], kinds: ['queue'] },
  // Less than the outage itself: work does not wait for its end.
  limits: { ...unnoticed, recoveryMs: 15_000 },
  async blow(stage, target) {
    const names = (await ofKind(target, 'queue')).map(({ name }) => name)
    stage.mark(`stop for ${words(seconds)}`, names.join(' + '))
    await during(stage, seconds * 1000, {
      begin: async () => void (await Promise.all(names.map((name) => target.stop!(name)))),
      end: async () => void (await Promise.all(names.map((name) => target.start!(name)))),
    })
  },
})

export const queues: readonly Scenario[] = [down('queue-down', 15), { ...down('queue-down-long', 300), byNameOnly: true }]
