import { hostsWith } from '../model.ts'
import { namesOf, type Rule, when } from './rule.ts'

/** Where guests live. */
export const computeRules: readonly Rule[] = [
  {
    id: 'no-compute',
    severity: 'error',
    find: (topology) =>
      when(hostsWith(topology, 'nova-compute').length === 0, () => ({
        subject: 'nova-compute',
        breaks: 'There is no host for servers, so each one that is asked for ends in ERROR.',
        fix: 'Give the role nova-compute to two hosts or more.',
      })),
  },
  {
    id: 'single-compute',
    severity: 'warning',
    find: (topology) => {
      const hosts = hostsWith(topology, 'nova-compute')
      return when(hosts.length === 1, () => ({
        subject: namesOf(hosts),
        breaks: 'When this host dies, all guests are gone and no new server can be built.',
        fix: 'Give the role nova-compute to a second host.',
      }))
    },
  },
]
