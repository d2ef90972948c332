import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { StartupError } from '../config/startup-error.ts'
import { topologyFrom } from './document.ts'

const surroundings = { file: 'skykeel.yaml', region: 'RegionOne' }
const read = (yaml: string) => topologyFrom(parse(yaml), surroundings)

function refusal(yaml: string): StartupError {
  try {
    read(yaml)
  } catch (error) {
    if (error instanceof StartupError) return error
    throw error
  }
  throw new Error('it was taken')
}

const whole = `
address: 10.0.0.10
prefix: 25
port: 80
controller_port: 81
database: galera
queue: rabbitmq
tls: {certificate: /etc/ssl/private/cloud.pem}
images: {folder: /srv/images, shared: true}
interface: ens3
hosts:
  c1: {address: 10.0.0.11, zone: rack-a, roles: [controller, balancer, database, message-queue]}
  n1: {address: 10.9.0.21, interface: bond0, roles: [nova-compute]}
`

describe('the section topology', () => {
  test('is read as it is written', () => {
    expect(read(whole)).toEqual({
      address: '10.0.0.10',
      prefix: 25,
      port: 80,
      controllerPort: 81,
      region: 'RegionOne',
      database: 'galera',
      queue: 'rabbitmq',
      tls: { kind: 'files', certificate: '/etc/ssl/private/cloud.pem' },
      images: { folder: '/srv/images', shared: true },
      hosts: [
        {
          name: 'c1',
          address: '10.0.0.11',
          zone: 'rack-a',
          roles: ['controller', 'balancer', 'database', 'message-queue'],
          interface: 'ens3',
        },
        { name: 'n1', address: '10.9.0.21', roles: ['nova-compute'], interface: 'bond0' },
      ],
    })
  })

  test('needs no more than hosts; a single balancer lends its address', () => {
    expect(read('hosts: {c1: {address: 10.0.0.11, roles: [controller, balancer]}}')).toEqual({
      address: '10.0.0.11',
      prefix: 24,
      port: 7770,
      controllerPort: 7771,
      region: 'RegionOne',
      database: 'patroni',
      queue: 'rabbitmq',
      tls: { kind: 'none' },
      images: { folder: '/var/lib/skykeel/images', shared: false },
      hosts: [{ name: 'c1', address: '10.0.0.11', roles: ['controller', 'balancer'], interface: 'eth0' }],
    })
  })

  test('may be of IPv6', () => {
    expect(read('{address: "fd00::10", hosts: {c1: {address: "fd00::11", roles: [balancer]}}}')).toMatchObject({ prefix: 64 })
  })
})

const oneHost = 'hosts: {c1: {address: 10.0.0.11, roles: [controller, balancer]}}'

describe('a mistake names its place and its remedy', () => {
  test.each([
    ['no section', 'null', 'topology: null', 'Write for example'],
    ['no hosts', '{address: 10.0.0.10}', 'topology.hosts: it is missing', 'Add it, such as `hosts: {c1:'],
    ['empty hosts', '{hosts: {}}', "topology.hosts: {} won't do, it must be a mapping with at least one host", 'Write for example'],
    ['an unknown key', `{adress: 10.0.0.10, ${oneHost}}`, 'topology.adress: there is no such key', 'Did you mean address?'],
    [
      'an unknown key of a host',
      'hosts: {c1: {address: 10.0.0.11, roles: [balancer], zon: a}}',
      'topology.hosts.c1.zon: there is no such key',
      'Did you mean zone?',
    ],
    ['an unknown key of tls', `{tls: {cert: /x}, ${oneHost}}`, 'topology.tls: {"cert":"/x"} won\'t do', 'Write for example {certificate'],
    [
      'an unknown role',
      'hosts: {c1: {address: 10.0.0.11, roles: [balancer, nova-compte]}}',
      'topology.hosts.c1.roles: "nova-compte" won\'t do, it must be one of controller, ',
      'Did you mean nova-compute?',
    ],
    ['no roles', 'hosts: {c1: {address: 10.0.0.11, roles: []}}', "topology.hosts.c1.roles: [] won't do", 'Write for example [controller'],
    ['an unknown kind', `{database: galara, ${oneHost}}`, 'topology.database: "galara" won\'t do', 'Did you mean galera?'],
    ['an address that is none', `{address: 10.0.0.256, ${oneHost}}`, 'it must be an IP address', 'Write for example 10.0.0.11.'],
    ['a port that is none', `{port: 70000, ${oneHost}}`, 'topology.port: 70000', 'Write for example 7770.'],
    ['a relative path', `{images: {folder: images}, ${oneHost}}`, 'topology.images.folder: "images"', 'Write for example /srv/images.'],
    ['more bits than there are', `{prefix: 33, ${oneHost}}`, 'topology.prefix: 10.0.0.11 has no 33 bits', 'Write at most 32'],
    ['the name of a network', `{address: 10.0.0.0, ${oneHost}}`, 'topology.address: 10.0.0.0 is the first or the last', 'Choose another'],
    ['one port for two', `{controller_port: 7770, ${oneHost}}`, 'topology.controller_port: 7770', 'Choose two different ports'],
    [
      'a name that is none',
      'hosts: {C_1: {address: 10.0.0.11, roles: [balancer]}}',
      'topology.hosts.C_1: "C_1" is no host name',
      'Write small',
    ],
    [
      'no address for two balancers',
      'hosts: {c1: {address: 10.0.0.11, roles: [balancer]}, c2: {address: 10.0.0.12, roles: [balancer]}}',
      'topology.address: it is missing',
      'Add the address that floats',
    ],
    [
      'an address given twice',
      '{address: 10.0.0.1, hosts: {c1: {address: 10.0.0.11, roles: [balancer]}, c2: {address: 10.0.0.11, roles: [balancer]}}}',
      "topology.hosts.c2.address: 10.0.0.11 is c1's already",
      'Give each host its own.',
    ],
    [
      'a balancer in another network',
      `{address: 10.0.1.10, ${oneHost}}`,
      'topology.hosts.c1.address: 10.0.0.11 is not in the network of 10.0.1.10/24',
      'Correct the address or `topology.prefix`',
    ],
    [
      'a role that another includes',
      'hosts: {c1: {address: 10.0.0.11, roles: [controller, nova-api, balancer]}}',
      'topology.hosts.c1.roles: nova-api is part of controller',
      'Remove nova-api once.',
    ],
    ...[
      ['arbitrator', 'patroni', 'rabbitmq', 'only Galera has arbitrators'],
      ['etcd', 'galera', 'rabbitmq', 'only Patroni needs etcd'],
      ['database', 'external', 'rabbitmq', 'the database is external'],
      ['message-queue', 'patroni', 'database', 'only RabbitMQ runs on hosts of its own'],
    ].map(([role, database, queue, because]) => [
      `${role} with ${database} and ${queue}`,
      `{database: ${database}, queue: ${queue}, hosts: {c1: {address: 10.0.0.11, roles: [balancer, ${role}]}}}`,
      `topology.hosts.c1.roles: ${role} means nothing here, since ${because}`,
      'Remove it, or write',
    ]),
  ] as [string, string, string, string][])('%s', (_, yaml, problem, fix) => {
    const error = refusal(yaml)
    expect(error.message).toMatch(/^skykeel\.yaml: topology/)
    expect(error.message).toContain(problem)
    expect(error.hint).toContain(fix)
  })

  test('and all of them are told at once', () => {
    const error = refusal(`
address: 10.0.0.10
colour: blue
hosts:
  c1: {address: 10.0.0.11, roles: [controler], zone: 3}
  c2: {roles: [balancer]}
`)
    expect(error.message.split('\n').filter((line) => line.includes('skykeel.yaml: '))).toHaveLength(4)
    expect(error.message).toContain('Did you mean controller?')
  })

  test('also those of hosts that could be read beside one that could not', () => {
    const error = refusal(`
address: 10.0.0.10
hosts:
  c1: {address: 10.0.0.11, roles: [controler]}
  c2: {address: 10.0.0.12, roles: [balancer, arbitrator]}
  c3: {address: 10.0.0.12, roles: [database]}
`)
    expect(error.message).toContain('There are 3 mistakes')
    expect(error.message).toContain('arbitrator means nothing here')
    expect(error.message).toContain("10.0.0.12 is c2's already")
  })
})
