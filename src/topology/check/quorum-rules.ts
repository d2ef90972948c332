import { hostsWith, type Topology } from '../model.ts'
import { majorityOf, type Quorum, quorumsOf } from '../quorums.ts'
import { namesOf, type Rule } from './rule.ts'

const thirds = {
  Galera: 'Add a node with the role database, or one with the role arbitrator, on another host.',
  etcd: 'Add a host with the role etcd; it may be a small one.',
  RabbitMQ: 'Give the role message-queue to one host more, so that their number is odd.',
} satisfies Record<Quorum['engine'], string>

const hostsOf = ({ voters }: Quorum) => [...new Set(voters.map(({ host }) => host))]
const rule = (id: string, engine: Quorum['engine'], find: (quorum: Quorum) => { breaks: string; fix: string } | undefined): Rule => ({
  id,
  severity: 'warning',
  find: (topology) =>
    quorumsOf(topology).flatMap((quorum) => {
      const found = quorum.engine === engine ? find(quorum) : undefined
      return found ? [{ subject: `${engine} on ${namesOf(hostsOf(quorum))}`, ...found }] : []
    }),
})

// Four bear no more deaths than three, and halves of two racks have no majority at all.
const even = (engine: Quorum['engine']): Rule =>
  rule(`even-${engine.toLowerCase()}`, engine, ({ voters, stops }) => {
    const votes = voters.length
    if (votes % 2 === 1) return undefined
    return {
      breaks:
        votes === 2
          ? `When either of the two dies, the other has no majority: ${stops}.`
          : `${votes} votes bear no more deaths than ${votes - 1}, and when the network parts them in halves neither half works: ${stops}.`,
      fix: thirds[engine],
    }
  })

const single = (id: string, engine: Quorum['engine']): Rule =>
  rule(id, engine, ({ voters, stops }) =>
    voters.length === 1 ? { breaks: `When this one dies, ${stops}.`, fix: 'Have three of them, on three hosts.' } : undefined,
  )

/** Votes of each quorum that a zone has, where others have votes too. */
const zoneVotes = (topology: Topology) =>
  quorumsOf(topology).flatMap((quorum) => {
    const zones = [...Map.groupBy(quorum.voters, ({ host }) => host.zone)]
    return zones.length < 2 ? [] : zones.flatMap(([zone, voters]) => (zone === undefined ? [] : [{ quorum, zone, votes: voters.length }]))
  })

/** What decides by majority. */
export const quorumRules: readonly Rule[] = [
  single('single-broker', 'RabbitMQ'),
  single('single-etcd', 'etcd'),
  even('Galera'),
  even('etcd'),
  even('RabbitMQ'),
  {
    id: 'majority-in-one-zone',
    severity: 'warning',
    find: (topology) =>
      zoneVotes(topology)
        .filter(({ quorum: { voters }, votes }) => voters.length - votes < majorityOf(voters.length))
        .map(({ quorum: { engine, voters, stops }, zone, votes }) => ({
          subject: zone,
          breaks: `${votes} of ${voters.length} votes of ${engine} are here: when this zone is cut off, the rest is no majority and ${stops}.`,
          fix: 'Spread the votes over three zones, so that none has half of them.',
        })),
  },
  {
    id: 'arbitrator-beside-data',
    severity: 'warning',
    find: (topology) =>
      hostsWith(topology, 'arbitrator')
        .filter(({ roles }) => roles.includes('database'))
        .map(({ name }) => ({
          subject: name,
          breaks: 'This host has a node of Galera and an arbitrator, so its death takes two votes at once.',
          fix: 'Move the arbitrator to a host without a node of the database.',
        })),
  },
  {
    id: 'etcd-beside-database',
    severity: 'note',
    find: (topology) => {
      const both = quorumsOf(topology)
        .filter(({ engine }) => engine === 'etcd')
        .flatMap(hostsOf)
        .filter(({ roles }) => roles.includes('database'))
      return both.length === 0
        ? []
        : [
            {
              subject: namesOf(both),
              breaks: 'etcd shares a host with PostgreSQL: a death takes a vote and a member at once, and a busy disk can make etcd late.',
              fix: 'Give etcd a disk of its own, or hosts with the role etcd.',
            },
          ]
    },
  },
]
