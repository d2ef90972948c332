import { count } from '../../src/drill/page/html.ts'
import { scenarios } from '../../src/drill/scenarios/all.ts'
import { longest, perCloud, roundsOf, type Seen, since, sum, type Told, type Verdict } from './seen.ts'

/** One of the fifteen things that hurt most in clouds of this kind, what is promised instead, and what shows it. */
export interface Promised {
  readonly number: number
  readonly pain: string
  readonly promise: string
  /** The scenarios whose rounds show it. */
  readonly scenarios: readonly string[]
  /** Tests that show it, or what a drill can't see of it. */
  readonly tests?: readonly string[]
  /** What came of it in these rounds, all of its scenarios. Left out where tests alone show it. */
  readonly judge?: (seen: Seen, all: readonly Told[]) => Verdict
  /** What is not shown here, and why. */
  readonly unshown?: string
}

const everything = scenarios.map(({ name }) => name)
const writers = ['kill-writer', 'freeze-writer', 'isolate-writer']
const cuts = ['isolate-host', 'isolate-writer', 'one-way-partition', 'partition']

/** How long a cut lasts before it heals; recovery counts from its begin. */
const cutMs = 15_000

/** The most that writes may be away when a database node dies, by the kind of database. */
const writesBackMs = { galera: 10_000, patroni: 25_000, embedded: 30_000, 'embedded-rabbitmq': 30_000, 'last-release': 10_000 }

export const promises: readonly Promised[] = [
  {
    number: 1,
    pain: 'Lost messages leave servers in BUILD for ever',
    promise: 'Whatever is accepted ends ACTIVE, deleted, or in ERROR with a reason, and nobody has to help',
    scenarios: everything,
    judge: (seen) => ({
      kept: sum(seen, 'stuck') === 0 && seen.every(({ recoveryMs }) => recoveryMs !== null),
      figure: `${sum(seen, 'stuck')} of ${count(sum(seen, 'acknowledged'))} accepted changes stuck, ${count(seen.length)} faults`,
    }),
  },
  {
    number: 2,
    pain: 'Work that is half done becomes ERROR',
    promise: 'Another worker goes on with it within 15 s of its owner’s death',
    scenarios: ['kill-controller', 'kill-mid-post', 'kill-agent'],
    judge: (seen) => ({
      kept: longest(seen, 'recoveryMs') <= 15_000 && sum(seen, 'stuck') === 0,
      figure: `all that was interrupted done after ${since(longest(seen, 'recoveryMs'))} at most, ${sum(seen, 'stuck')} given up`,
    }),
  },
  {
    number: 3,
    pain: 'Messages that come twice do the work twice',
    promise: 'Every message delivered three times, in any order: the same rows, and one effect for each step',
    scenarios: [],
    tests: ['src/nova/servers/redelivery.test.ts', 'src/agent/agent.test.ts', 'test/simulation/even-seeds.test.ts'],
  },
  {
    number: 4,
    pain: 'A POST that is tried again makes two servers',
    promise: 'The same key gives one resource and the same answer for a day, also across a failover',
    scenarios: everything,
    tests: ['src/kernel/idempotency/keys.test.ts', 'test/balancer/behaviour.test.ts'],
    judge: (seen) => ({
      kept: sum(seen, 'doubled', 'unlike') === 0,
      figure: `${sum(seen, 'doubled')} of ${count(sum(seen, 'acknowledged'))} accepted changes done twice, ${sum(seen, 'unlike')} repeats answered otherwise`,
    }),
  },
  {
    number: 5,
    pain: 'Requests time out when the broker fails',
    promise: 'No request waits for the broker; with all brokers down for 5 minutes all are served, work goes on, and nothing is lost',
    scenarios: ['queue-down', 'queue-down-long', 'kill-queue', 'freeze-queue'],
    judge: (seen) => ({
      kept: sum(seen, 'failed', 'refused', 'lost', 'stuck') === 0,
      figure: `${sum(seen, 'failed', 'refused')} of ${count(sum(seen, 'requests'))} requests unserved, ${sum(seen, 'lost')} lost, slowest ${since(longest(seen, 'worstMs'))}, work on again after ${since(longest(seen, 'recoveryMs'))}`,
    }),
  },
  {
    number: 6,
    pain: 'A host that is dead while its connections live hangs everybody for minutes',
    promise: 'Drop every packet of any one host: nothing accepted is lost, 99 % of requests within 5 s, served again within 10 s',
    scenarios: ['isolate-host'],
    judge: (seen, all) => {
      // Who waits for another primary of Patroni waits for its lease: that is the next promise.
      const isOwn = ({ cloud, fault }: Seen[number]) => cloud !== 'patroni' || fault !== 'isolate writer'
      const own = seen.filter(isOwn)
      // One request in a hundred is told by many rounds only: those of drills that do nothing else.
      const alone = all.filter(({ report }) => report.rounds.every(({ scenario }) => scenario === 'isolate-host'))
      const many = roundsOf(alone, ['isolate-host']).filter(isOwn)
      const [late, requests] = [sum(many, 'late'), sum(many, 'requests')]
      return {
        kept: sum(seen, 'lost') === 0 && longest(own, 'downtimeMs') <= 10_000 && late <= requests / 100,
        figure: `${sum(seen, 'lost')} lost, downtime ${since(longest(own, 'downtimeMs'))} at most${requests > 0 ? `, ${late} of ${count(requests)} requests took more than 5 s` : ''}`,
      }
    },
  },
  {
    number: 7,
    pain: 'A database failover gives 500s, and pools stay on the old primary',
    promise:
      'The writer dies: writes are back within 10 s (Galera), 25 s (Patroni); who can wait 30 s is served; 5 s after the switch no connection is left behind',
    scenarios: writers,
    judge: (seen) => ({
      kept:
        seen.every(({ gapMs, cloud }) => gapMs <= writesBackMs[cloud]) &&
        sum(seen, 'stale') === 0 &&
        sum(
          seen.filter(({ scenario }) => scenario !== 'isolate-writer'),
          'failed',
          'refused',
        ) === 0,
      figure: `${perCloud(seen, (some) => `no write for ${since(longest(some, 'gapMs'))} at most`)}; ${sum(seen, 'failed', 'refused')} unserved, ${sum(seen, 'stale')} stale`,
    }),
  },
  {
    number: 8,
    pain: 'Galera with several writers loses updates and deadlocks',
    promise: 'No lost update and no deadlock that a user sees, with writers on all nodes',
    scenarios: [],
    tests: ['test/drills/galera.test.ts', 'test/drills/writers.test.ts', 'src/neutron/ipam/races.test.ts'],
  },
  {
    number: 9,
    pain: 'What was acknowledged is lost when the power fails',
    promise: 'Whatever was answered with success survives kill -9 of all database nodes at once',
    scenarios: ['kill-all-databases', 'all-off'],
    judge: (seen) => ({
      kept: sum(seen, 'lost') === 0,
      figure: `${sum(seen, 'lost')} of ${count(sum(seen, 'acknowledged'))} accepted changes lost, ${count(seen.length)} times`,
    }),
    unshown: 'A kill leaves the kernel’s page cache alone. Whether disks keep what they confirmed takes machines whose power one can cut.',
  },
  {
    number: 10,
    pain: 'Orphaned allocations, addresses given twice, leaked ports',
    promise: 'After every drill an audit finds nothing without an owner, given twice, or counted wrong',
    scenarios: everything,
    judge: (_, all) => {
      const orphaned = all.reduce((some, { report }) => some + report.totals.orphaned, 0)
      return { kept: orphaned === 0, figure: `${orphaned} found in ${all.length} audits` }
    },
  },
  {
    number: 11,
    pain: 'Health checks pass while the database is down',
    promise: 'Who can not serve is out of rotation within 2 s; where nobody can, clients get 503 with Retry-After and none is taken out',
    scenarios: ['freeze-controller', 'kill-database', 'kill-all-databases'],
    tests: ['src/controller/health.test.ts', 'test/balancer/behaviour.test.ts'],
    judge: (seen) => ({
      kept: sum(seen, 'failed') === 0,
      figure: `${sum(seen, 'failed')} of ${count(sum(seen, 'requests'))} requests failed, ${sum(seen, 'refused')} were told when to come again`,
    }),
  },
  {
    number: 12,
    pain: 'Rotating token keys gives random 401s',
    promise: 'Rotate every 10 s under load while instances leave and join: no false 401',
    scenarios: ['rotate-keys'],
    tests: ['src/keystone/keys/upkeep.test.ts', 'src/keystone/tokens/two-controllers.test.ts'],
    judge: (seen) => ({
      kept: sum(seen, 'denied', 'failed') === 0,
      figure: `${sum(seen, 'denied')} of ${count(sum(seen, 'requests'))} requests were told 401, ${count(seen.length)} times four rotations`,
    }),
  },
  {
    number: 13,
    pain: 'Late heartbeats and wrong clocks make hosts look dead',
    promise: 'A clock that steps by a minute, or an event loop that stalls for 5 s: no host is given up, and no work has two owners',
    scenarios: ['clock-step', 'stall-controller', 'stall-agent'],
    judge: (seen) => ({
      kept: sum(seen, 'falseDowns', 'failed', 'lost', 'doubled', 'stuck') === 0,
      figure: `${sum(seen, 'falseDowns')} taken for dead, ${sum(seen, 'doubled')} done twice, ${sum(seen, 'stuck')} given up, ${count(seen.length)} times`,
    }),
  },
  {
    number: 14,
    pain: 'After an outage of everything somebody has to find the right node to begin with',
    promise: 'Switch everything off and on in any order: served again within 3 minutes, no hand, no second primary',
    scenarios: ['all-off'],
    judge: (seen) => ({
      kept: longest(seen, 'gapMs') <= 180_000 && sum(seen, 'lost', 'doubled') === 0,
      figure: `served again ${since(longest(seen, 'gapMs'))} after the power went, at most, ${sum(seen, 'lost')} lost, ${count(seen.length)} times`,
    }),
  },
  {
    number: 15,
    pain: 'A cut network leaves two owners of the clients’ address, or takes everything down',
    promise: 'Cut any host off, in either direction: errors for 10 s at most, whole within 30 s after the cut heals, no write done twice',
    scenarios: [...cuts, 'freeze-keepalived'],
    tests: ['src/controller/health.test.ts'],
    judge: (seen) => ({
      kept: longest(seen, 'downtimeMs') <= 10_000 && longest(seen, 'recoveryMs') <= cutMs + 30_000 && sum(seen, 'doubled') === 0,
      figure: `errors for ${since(longest(seen, 'downtimeMs'))}, whole ${since(longest(seen, 'recoveryMs'))} after the begin of a cut, ${sum(seen, 'doubled')} done twice`,
    }),
    unshown:
      'A controller that is cut off from the database can tell nobody that its machine has the address; it can write nothing either.',
  },
]

/** What else was set as a mark, in the same shape. */
export const marks: readonly Omit<Promised, 'number'>[] = [
  {
    pain: 'A controller dies or freezes, and clients wait for it',
    promise: 'No request takes more than 5 s when a controller is killed or frozen, and none is lost',
    scenarios: ['kill-controller', 'kill-mid-post', 'freeze-controller'],
    judge: (seen) => ({
      kept: longest(seen, 'worstMs') <= 5_000 && sum(seen, 'failed', 'refused', 'lost') === 0,
      figure: `slowest request ${since(longest(seen, 'worstMs'))}, ${sum(seen, 'failed', 'refused')} unserved, ${count(seen.length)} times`,
    }),
  },
  {
    pain: 'Upgrades need a window',
    promise: 'Restart or upgrade all controllers, one after the other: no request fails',
    scenarios: ['rolling-restart', 'rolling-upgrade'],
    judge: (seen) => ({
      kept: sum(seen, 'failed', 'refused') === 0,
      figure: `${sum(seen, 'failed', 'refused')} of ${count(sum(seen, 'requests'))} requests unserved`,
    }),
  },
]

/** What came of it in these drills; undefined when none of its scenarios fell. */
export function verdictOn({ scenarios, judge }: Omit<Promised, 'number'>, all: readonly Told[]): Verdict | undefined {
  const seen = roundsOf(all, scenarios)
  return seen.length > 0 ? judge?.(seen, all) : undefined
}
