import type { Topology, TopologyHost } from '../model.ts'
import { hostsRunning, type Program } from '../programs.ts'
import { listed, type Rule, when } from './rule.ts'

const spread: readonly { readonly program: Program; readonly role: string }[] = [
  { program: 'haproxy', role: 'balancer' },
  { program: 'controller', role: 'controller' },
  { program: 'galera', role: 'database' },
  { program: 'patroni', role: 'database' },
  { program: 'rabbitmq', role: 'message-queue' },
  { program: 'etcd', role: 'etcd' },
  { program: 'nova-compute', role: 'nova-compute' },
]

const zonesOf = (hosts: readonly TopologyHost[]): readonly string[] => [...new Set(hosts.flatMap(({ zone }) => zone ?? []))]
const allNamed = (hosts: readonly TopologyHost[]): boolean => hosts.every(({ zone }) => zone !== undefined)
const hasSeveral = (topology: Topology): boolean => zonesOf(topology.hosts).length > 1

/** What shares its fate. */
export const zoneRules: readonly Rule[] = [
  {
    id: 'all-in-one-zone',
    severity: 'warning',
    find: (topology) => {
      const together = spread.flatMap(({ program, role }) => {
        const hosts = hostsRunning(topology, program)
        return hosts.length > 1 && allNamed(hosts) && zonesOf(hosts).length === 1 ? [{ zone: zonesOf(hosts)[0]!, role }] : []
      })
      const byZone = Map.groupBy(hasSeveral(topology) ? together : [], ({ zone }) => zone)
      return [...byZone].map(([zone, roles]) => ({
        subject: zone,
        breaks: `Every host with the role ${listed(roles.map(({ role }) => role))} is in this zone, so all of them die with it.`,
        fix: 'Move some of them to another zone.',
      }))
    },
  },
  {
    id: 'zones-not-named',
    severity: 'note',
    find: (topology) => {
      const without = topology.hosts.filter(({ zone }) => zone === undefined)
      return when(topology.hosts.length > 1 && without.length > 0 && zonesOf(topology.hosts).length > 0, () => ({
        subject: listed(without.map(({ name }) => name)),
        breaks: 'What these hosts share their fate with is not said, so a zone that takes too much along may go unseen.',
        fix: 'Give each a `zone`: its rack, room or power line.',
      }))
    },
  },
  {
    id: 'one-zone',
    severity: 'note',
    find: (topology) =>
      when(
        topology.hosts.length > 1 && !hasSeveral(topology) && (zonesOf(topology.hosts).length === 0 || allNamed(topology.hosts)),
        () => ({
          subject: zonesOf(topology.hosts)[0] ?? 'zones',
          breaks:
            zonesOf(topology.hosts).length === 1
              ? 'The whole cloud is in one zone and dies with it.'
              : 'No host says which rack or power line it shares with others, so that fate is not judged.',
          fix: 'Spread the hosts over three zones and name them by `zone`.',
        }),
      ),
  },
]
