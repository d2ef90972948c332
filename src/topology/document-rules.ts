import type { HostRole, Topology } from './model.ts'
import { bitsOf, namesNetwork, sharesNetwork } from './networks.ts'
import type { Mistake } from './document-mistakes.ts'
import { controllerRoles } from './services.ts'

type Rule = (topology: Topology) => readonly Mistake[]

// A role that the kinds of database and queue leave nothing to do.
const meaningless: readonly { role: HostRole; when: (topology: Topology) => boolean; because: string; fix: string }[] = [
  {
    role: 'arbitrator',
    when: ({ database }) => database !== 'galera',
    because: 'only Galera has arbitrators',
    fix: 'Remove it, or write `database: galera`; what Patroni wants a third of is `etcd`.',
  },
  {
    role: 'etcd',
    when: ({ database }) => database !== 'patroni',
    because: 'only Patroni needs etcd',
    fix: 'Remove it, or write `database: patroni`; what Galera wants a third of is `arbitrator`.',
  },
  {
    role: 'database',
    when: ({ database }) => database === 'external',
    because: 'the database is external',
    fix: 'Remove it, or write `database: patroni` or `database: galera`.',
  },
  {
    role: 'message-queue',
    when: ({ queue }) => queue !== 'rabbitmq',
    because: 'only RabbitMQ runs on hosts of its own',
    fix: 'Remove it, or write `queue: rabbitmq`.',
  },
]

const rolesMeanSomething: Rule = (topology) =>
  topology.hosts.flatMap(({ name, roles }) =>
    meaningless
      .filter(({ role, when }) => roles.includes(role) && when(topology))
      .map(({ role, because, fix }) => ({
        place: `topology.hosts.${name}.roles`,
        problem: `${role} means nothing here, since ${because}`,
        fix,
      })),
  )

const rolesOnce: Rule = ({ hosts }) =>
  hosts.flatMap(({ name, roles }) => {
    const twice = roles.filter(
      (role, index) => roles.indexOf(role) !== index || (roles.includes('controller') && controllerRoles.includes(role)),
    )
    return [...new Set(twice)].map((role) => ({
      place: `topology.hosts.${name}.roles`,
      problem: controllerRoles.includes(role) ? `${role} is part of controller, which is there too` : `${role} is there twice`,
      fix: `Remove ${role} once.`,
    }))
  })

const addressesOnce: Rule = ({ hosts }) =>
  hosts.flatMap(({ name, address }, index) => {
    const first = hosts.find((other) => other.address === address)
    return first === hosts[index]
      ? []
      : [{ place: `topology.hosts.${name}.address`, problem: `${address} is ${first!.name}'s already`, fix: 'Give each host its own.' }]
  })

const namesAreNames: Rule = ({ hosts }) =>
  hosts
    .filter(({ name }) => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name))
    .map(({ name }) => ({
      place: `topology.hosts.${name}`,
      problem: `${JSON.stringify(name)} is no host name`,
      fix: 'Write small letters, digits and hyphens, such as c1 or rack-a-2.',
    }))

const networkIsOne: Rule = ({ address, prefix }) => {
  if (prefix > bitsOf(address))
    return [{ place: 'topology.prefix', problem: `${address} has no ${prefix} bits`, fix: `Write at most ${bitsOf(address)}, such as 24.` }]
  return namesNetwork(address, prefix)
    ? [
        {
          place: 'topology.address',
          problem: `${address} is the first or the last address of its network of ${prefix} bits, which nobody can have`,
          fix: 'Choose another one, or correct `prefix`.',
        },
      ]
    : []
}

// Only a host that is in the network can answer for the address there.
const balancersInNetwork: Rule = ({ address, prefix, hosts }) =>
  hosts
    .filter(() => prefix <= bitsOf(address))
    .filter((host) => host.roles.includes('balancer') && !sharesNetwork(host.address, address, prefix))
    .map((host) => ({
      place: `topology.hosts.${host.name}.address`,
      problem: `${host.address} is not in the network of ${address}/${prefix}, so this balancer could never take the address over`,
      fix: 'Correct the address or `topology.prefix`, or give the role balancer to hosts of that network.',
    }))

const portsDiffer: Rule = ({ port, controllerPort }) =>
  port === controllerPort
    ? [
        {
          place: 'topology.controller_port',
          problem: `${port} is the port of the balancers too`,
          fix: 'Choose two different ports, such as 7770 and 7771.',
        },
      ]
    : []

/** What no schema can say of a topology. Each finds all of its mistakes. */
export const documentRules: readonly Rule[] = [
  namesAreNames,
  networkIsOne,
  portsDiffer,
  addressesOnce,
  balancersInNetwork,
  rolesOnce,
  rolesMeanSomething,
]
