import { hostsWith } from '../model.ts'
import { isPublic } from '../networks.ts'
import { addressFloats } from '../programs.ts'
import { namesOf, type Rule, when } from './rule.ts'

/** The address, the balancers, and what clients see first. */
export const frontRules: readonly Rule[] = [
  {
    id: 'no-balancer',
    severity: 'error',
    find: (topology) =>
      when(hostsWith(topology, 'balancer').length === 0, () => ({
        subject: topology.address,
        breaks: 'Nobody listens at the address of the cloud.',
        fix: 'Give the role balancer to two hosts.',
      })),
  },
  {
    id: 'single-balancer',
    severity: 'warning',
    find: (topology) => {
      const balancers = hostsWith(topology, 'balancer')
      return when(balancers.length === 1, () => ({
        subject: namesOf(balancers),
        breaks: 'When this host dies, nobody reaches the cloud.',
        fix: 'Give the role balancer to a second host, and the cloud an address that floats between the two.',
      }))
    },
  },
  {
    id: 'address-not-held',
    severity: 'error',
    find: (topology) => {
      const balancers = hostsWith(topology, 'balancer')
      return when(balancers.length === 1 && balancers[0]!.address !== topology.address, () => ({
        subject: topology.address,
        breaks: `Nothing gives this address to ${namesOf(balancers)}: it floats only where there are two balancers.`,
        fix: `Write the balancer's own address, ${balancers[0]!.address}, or add a second balancer.`,
      }))
    },
  },
  {
    id: 'address-does-not-float',
    severity: 'error',
    find: (topology) =>
      topology.hosts
        .filter(({ address }) => addressFloats(topology) && address === topology.address)
        .map(({ name }) => ({
          subject: name,
          breaks: "The cloud's address is this host's own, so another balancer can't take it over without cutting the host off.",
          fix: 'Choose a free address of the network for the cloud.',
        })),
  },
  {
    id: 'clear-text-in-public',
    severity: 'error',
    find: ({ tls, address }) =>
      when(tls.kind === 'none' && isPublic(address), () => ({
        subject: address,
        breaks: 'Passwords and tokens cross a public network where others can read them.',
        fix: 'Write `tls: {certificate: FILE}` with a certificate for this address.',
      })),
  },
]
