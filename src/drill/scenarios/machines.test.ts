import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minorityOf } from './machines.ts'

const atMost = (all: number) => Math.max(0, Math.floor((all - 1) / 2))

test('a minority is fewer than half of the hosts and of the databases, and could not be more', () => {
  const hosts = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1, maxLength: 4 }), fc.boolean()), {
    minLength: 1,
    maxLength: 9,
    selector: ([name]) => name,
  })
  fc.assert(
    fc.property(hosts, (chosen) => {
      const all = chosen.map(([name]) => name)
      const voters = chosen.filter(([, votes]) => votes).map(([name]) => name)
      const minority = minorityOf(
        all,
        voters.map((host) => ({ host, kind: 'database', name: `${host}/galera`, state: 'running', pid: 1 })),
      )
      const [cut, cutVoters] = [minority.length, minority.filter((host) => voters.includes(host)).length]
      expect(new Set(minority).size).toBe(cut)
      expect(cut).toBeLessThanOrEqual(atMost(all.length))
      expect(cutVoters).toBeLessThanOrEqual(atMost(voters.length))
      // Whoever is spared would be one too many on either count.
      expect(cut === atMost(all.length) || cutVoters === atMost(voters.length)).toBe(true)
      expect(all.filter((host) => minority.includes(host))).toEqual(minority)
    }),
  )
})
