import { type CloudRecord } from './kept.ts'
import { markdown, toldBy } from './kept-tables.ts'
import { longest, roundsOf, type Seen, since, sum } from './seen.ts'

/** A fault for which figures of an OpenStack were published, and the scenarios that do the same here. */
interface Compared {
  readonly fault: string
  readonly openstack: string
  readonly source: string
  readonly scenarios: readonly string[]
}

const folder = 'https://github.com/openstack/performance-docs/tree/master/doc/source/test_results/reliability'
const inReports = (path: string): string => `[${path.split('/')[1]!.replaceAll('_', ' ')}](${folder}/version_2/reports/${path})`
const firstSeries = `[first series](${folder}/version_1)`
const published: readonly Compared[] = [
  {
    fault: 'kill a keystone',
    openstack: 'errors for 0.04 s, recovered after 2.3 s (Fuel); 2.8 s, 8.3 s (Kubernetes)',
    source: inReports('keystone/authenticate_with_kill_keystone_service_on_one_node'),
    scenarios: ['kill-controller', 'kill-mid-post'],
  },
  {
    fault: 'restart keystone',
    openstack: 'errors for 1.07 s (Fuel); 0.39 s, 20 s (Kubernetes)',
    source: inReports('keystone/authenticate_with_restart_keystone_service_on_one_node'),
    scenarios: ['rolling-restart'],
  },
  {
    fault: 'freeze keystone, 150 s there, 10 s here',
    openstack: 'recovered after 92 to 98 s, 6 to 8 % of requests failed',
    source: firstSeries,
    scenarios: ['freeze-controller'],
  },
  {
    fault: 'freeze nova-api, 150 s there, 10 s here',
    openstack: 'requests of up to 157 s; “HA does not work”',
    source: firstSeries,
    scenarios: ['freeze-controller'],
  },
  {
    fault: 'kill one MySQL node',
    openstack: 'keystone: errors for 14.7 s; neutron: none, recovered after 7.7 s',
    source: inReports('keystone/authenticate_with_kill_mysql_service_on_one_node'),
    scenarios: ['kill-database', 'kill-writer'],
  },
  {
    fault: 'kill a RabbitMQ',
    openstack: 'no errors (second series); in one of five runs recovered after 98.5 s (first)',
    source: inReports('nova/boot_and_delete_with_kill_rabbitmq_service_on_one_node'),
    scenarios: ['kill-queue'],
  },
  {
    fault: 'reboot a controller host',
    openstack: 'errors for 8.7 s, recovered after 287 s (Fuel); 478 s, 570 s (Kubernetes); in one of five runs not at all (first series)',
    source: inReports('nova/boot_and_delete_with_reboot_one_node_with_rabbitmq_service'),
    scenarios: ['power-off-host'],
  },
  {
    fault: 'cut a controller host off',
    openstack: 'errors for 358 s, not recovered after 10 minutes',
    source: inReports('nova/boot_and_delete_with_disconnect_management_network_on_one_node_with_nova_scheduler_service'),
    scenarios: ['isolate-host', 'isolate-writer'],
  },
]

/** What was published of OpenStack, and what was measured here for the same fault. */
export function besideOpenStack(records: readonly CloudRecord[]): string {
  const all = toldBy(records)
  const here = (seen: Seen) =>
    seen.length === 0
      ? 'not run'
      : `errors for ${since(longest(seen, 'downtimeMs'))}, recovered after ${since(longest(seen, 'recoveryMs'))}; ${sum(seen, 'failed', 'refused')} of ${sum(seen, 'requests')} requests unserved, slowest ${since(longest(seen, 'worstMs'))}`
  const rows = published.map(({ fault, openstack, source, scenarios }) => {
    const seen = roundsOf(all, scenarios)
    const names = scenarios.map((name) => `\`${name}\``).join(', ')
    const onEach = [...Map.groupBy(seen, ({ cloud }) => cloud)].map(
      ([cloud, some]) => `${cloud}: ${here(some)} (${some.length} ${some.length === 1 ? 'round' : 'rounds'})`,
    )
    return [fault, openstack, source, onEach.join('<br>') || here([]), names]
  })
  return markdown(['fault', 'OpenStack', 'source', 'Skykeel, the worst of all rounds', 'drill'], rows)
}
