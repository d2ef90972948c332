import type { CloudName } from './clouds.ts'

/** What is drilled on one cloud: drill after drill, each a list of the scenarios that fall, in this order. */
export interface Part {
  readonly cloud: CloudName
  readonly drills: readonly (readonly string[])[]
}

const times = (rounds: number, ...scenarios: readonly string[]): string[][] =>
  scenarios.map((name) => Array.from({ length: rounds }, () => name))

/**
 * What CI runs: every kind of blow at least once, each on the cloud where it means most. One drill for each cloud, since a drill has a begin
 * and an end of its own.
 */
export const short: readonly Part[] = [
  {
    cloud: 'embedded',
    drills: [
      [
        'kill-controller',
        'kill-agent',
        'kill-controller',
        'kill-mid-post',
        'freeze-controller',
        'rolling-restart',
        'stall-agent',
        'kill-database',
      ],
    ],
  },
  { cloud: 'embedded-rabbitmq', drills: [['kill-controller', 'kill-queue', 'freeze-agent', 'kill-queue']] },
  {
    cloud: 'galera',
    drills: [['freeze-controller', 'kill-keepalived', 'isolate-writer', 'clock-step', 'rotate-keys', 'kill-writer', 'kill-all-databases']],
  },
  {
    cloud: 'patroni',
    drills: [['kill-etcd', 'freeze-writer', 'full-disk', 'isolate-host', 'partition', 'queue-down', 'all-off']],
  },
  { cloud: 'last-release', drills: [['rolling-upgrade']] },
]

const onBoth = [
  ...times(20, 'kill-controller', 'freeze-controller', 'kill-balancer', 'freeze-balancer'),
  ...times(20, 'kill-writer', 'freeze-writer', 'isolate-writer', 'kill-database', 'freeze-database'),
  ...times(20, 'kill-queue', 'freeze-queue', 'kill-keepalived', 'freeze-keepalived', 'kill-agent', 'freeze-agent'),
  ...times(20, 'isolate-host', 'one-way-partition'),
  ...times(10, 'kill-mid-post', 'partition', 'power-off-host', 'slow-link', 'full-disk', 'clock-step', 'kill-all-databases'),
  ...times(10, 'stall-controller', 'stall-agent'),
  ...times(5, 'queue-down', 'rotate-keys', 'rolling-restart', 'all-off'),
  ...times(1, 'queue-down-long'),
]

/** Everything, which takes hours; `--lab` and `--only` do a part of it. */
export const full: readonly Part[] = [
  { cloud: 'galera', drills: onBoth },
  { cloud: 'patroni', drills: [...times(20, 'kill-etcd', 'freeze-etcd'), ...onBoth] },
  // There and back again.
  { cloud: 'last-release', drills: times(4, 'rolling-upgrade') },
]
