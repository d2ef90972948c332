import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbeddedCloud, type EmbeddedCloud } from '../helpers/embedded-cloud.ts'
import { openstackFor, openstackWith, type Openstack } from '../helpers/openstack.ts'
import { has } from '../helpers/parts.ts'

// What a new user does first, with the client that everybody has.

describe.runIf(has('openstack'))('a walk through the cloud with the openstack client', { timeout: 120_000 }, () => {
  let cloud: EmbeddedCloud
  let demo: Openstack
  let admin: Openstack
  const names = async (...list: string[]) => ((await demo.json(...list)) as { Name: string }[]).map((row) => row.Name).toSorted()
  beforeAll(async () => {
    cloud = await startEmbeddedCloud()
    demo = openstackFor(cloud, 'devstack')
    admin = openstackFor(cloud, 'devstack-admin')
  })
  afterAll(() => cloud?.down())

  test('token and catalog', async () => {
    const token = await demo.json('token', 'issue')
    expect(token.id).toMatch(/^gAAAA/)
    const catalog = (await demo.json('catalog', 'list')) as { Type: string }[]
    expect(catalog.map((entry) => entry.Type).toSorted()).toEqual(
      expect.arrayContaining(['compute', 'identity', 'image', 'network', 'placement']),
    )
  })

  test('an application credential logs in, and can do what it was given', async () => {
    const made = await demo.json('application', 'credential', 'create', '--role', 'reader', 'robot')
    expect(made).toMatchObject({ name: 'robot', unrestricted: false })
    const token = await demo.json('token', 'issue')
    const robot = openstackWith(cloud, {
      OS_AUTH_TYPE: 'v3applicationcredential',
      OS_AUTH_URL: `${cloud.url}/identity/v3`,
      OS_APPLICATION_CREDENTIAL_ID: made.id as string,
      OS_APPLICATION_CREDENTIAL_SECRET: made.secret as string,
    })
    expect((await robot.json('token', 'issue')).project_id).toBe(token.project_id)
    expect(((await robot.json('network', 'list')) as { Name: string }[]).map((row) => row.Name)).toContain('private')
    expect(await robot.fails('network', 'create', 'none')).toContain('403')
    expect(await names('application', 'credential', 'list')).toEqual(['robot'])
    await demo.run('application', 'credential', 'delete', 'robot')
    expect(await robot.fails('token', 'issue')).toContain('401')
  })

  test('who is trusted with a role works in the project, until the trust is gone', async () => {
    const { id: friend } = await admin.json('user', 'create', '--password', 'rosebud', 'friend')
    const { id: reader } = await admin.json('role', 'show', 'reader')
    const { user_id: own, project_id: project } = await demo.json('token', 'issue')
    const trust = await demo.json('trust', 'create', '--project', project, '--role', reader, own, friend)
    expect(trust).toMatchObject({ trustor_user_id: own, trustee_user_id: friend, project_id: project, impersonation: false })
    const trusted = openstackWith(cloud, {
      OS_AUTH_URL: `${cloud.url}/identity/v3`,
      OS_IDENTITY_API_VERSION: '3',
      OS_USER_ID: friend,
      OS_PASSWORD: 'rosebud',
      OS_TRUST_ID: trust.id,
    })
    expect(((await trusted.json('network', 'list')) as { Name: string }[]).map((row) => row.Name)).toContain('private')
    expect(await trusted.fails('network', 'create', 'none')).toContain('403')
    await demo.run('trust', 'delete', trust.id)
    expect(await trusted.fails('token', 'issue')).toContain('404')
    await admin.run('user', 'delete', friend)
  })

  test('an image goes up from a file and comes back byte for byte', async () => {
    const bytes = randomBytes(3 * 1024 * 1024)
    const file = join(cloud.homeDir, 'disk.img')
    await writeFile(file, bytes)
    const image = await demo.json('image', 'create', '--disk-format', 'raw', '--container-format', 'bare', '--file', file, 'img1')
    expect(image.status ?? 'queued').toMatch(/queued|active/)
    const back = join(cloud.homeDir, 'back.img')
    await demo.run('image', 'save', '--file', back, 'img1')
    expect((await readFile(back)).equals(bytes)).toBe(true)
    expect(await demo.json('image', 'show', 'img1')).toMatchObject({
      name: 'img1',
      status: 'active',
      size: bytes.length,
      visibility: 'shared',
    })
  })

  test('a network with a subnet, and a router to the outside', async () => {
    await demo.run('network', 'create', 'net1')
    const subnet = await demo.json(
      'subnet',
      'create',
      '--network',
      'net1',
      '--subnet-range',
      '192.168.50.0/24',
      '--dns-nameserver',
      '8.8.8.8',
      'sub1',
    )
    expect(subnet).toMatchObject({ cidr: '192.168.50.0/24', gateway_ip: '192.168.50.1' })
    await demo.run('router', 'create', 'r1')
    await demo.run('router', 'add', 'subnet', 'r1', 'sub1')
    await demo.run('router', 'set', '--external-gateway', 'public', 'r1')
    const router = await demo.json('router', 'show', 'r1')
    expect(router.status).toBe('ACTIVE')
    expect(router.external_gateway_info.external_fixed_ips).toHaveLength(1)
    expect(router.interfaces_info).toHaveLength(1)
  })

  test('a security group that lets ssh in', async () => {
    await demo.run('security', 'group', 'create', 'sg1')
    await demo.run('security', 'group', 'rule', 'create', '--protocol', 'tcp', '--dst-port', '22', '--remote-ip', '0.0.0.0/0', 'sg1')
    const rules = (await demo.json('security', 'group', 'rule', 'list', 'sg1')) as { 'Port Range': string }[]
    expect(rules.map((rule) => rule['Port Range'])).toContain('22:22')
  })

  test('a key pair and a flavor', async () => {
    expect(await demo.run('keypair', 'create', 'key1')).toContain('PRIVATE KEY')
    await admin.run('flavor', 'create', '--ram', '256', '--disk', '1', '--vcpus', '1', 'f1')
    expect(await names('keypair', 'list')).toEqual(['key1'])
    expect(await names('flavor', 'list')).toContain('f1')
  })

  test('a server becomes ACTIVE', async () => {
    const where = ['--flavor', 'f1', '--image', 'img1', '--network', 'net1', '--key-name', 'key1', '--security-group', 'sg1']
    const server = await demo.json('server', 'create', ...where, '--wait', 'vm1')
    expect(server).toMatchObject({ name: 'vm1', status: 'ACTIVE', key_name: 'key1' })
    const [listed] = await demo.json('server', 'list')
    expect(listed).toMatchObject({ Name: 'vm1', Status: 'ACTIVE', Flavor: 'f1', Image: 'img1' })
    expect(listed.Networks.net1).toHaveLength(1)
    expect(await demo.json('server', 'show', 'vm1')).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:power_state': 1 })
    expect(await demo.run('console', 'log', 'show', 'vm1')).not.toBe('')
  })

  test('it stops, starts and reboots', async () => {
    const status = async (wanted: string) =>
      expect.poll(async () => (await demo.json('server', 'show', 'vm1')).status, { timeout: 30_000, interval: 100 }).toBe(wanted)
    await demo.run('server', 'stop', 'vm1')
    await status('SHUTOFF')
    await demo.run('server', 'start', 'vm1')
    await status('ACTIVE')
    await demo.run('server', 'reboot', '--wait', 'vm1')
    await demo.run('server', 'reboot', '--hard', '--wait', 'vm1')
    await status('ACTIVE')
    const events = (await demo.json('server', 'event', 'list', 'vm1')) as { Action: string }[]
    expect(events.map((event) => event.Action)).toEqual(expect.arrayContaining(['create', 'stop', 'start', 'reboot']))
  })

  test('a floating IP leads to it', async () => {
    const { floating_ip_address: address } = await demo.json('floating', 'ip', 'create', 'public')
    await demo.run('server', 'add', 'floating', 'ip', 'vm1', address)
    expect((await demo.json('server', 'show', 'vm1')).addresses.net1).toContain(address)
    const [floating] = await demo.json('floating', 'ip', 'list')
    expect(floating['Fixed IP Address']).toMatch(/^192\.168\.50\./)
  })

  test('what is not there is named, and nothing is made', async () => {
    expect(await demo.fails('server', 'show', 'nobody')).toContain("No server with a name or ID of 'nobody' exists")
    expect(await demo.fails('network', 'delete', 'net1')).toContain('1 of 1 networks failed to delete')
    expect(await demo.fails('server', 'create', '--flavor', 'f1', '--image', 'img1', '--network', 'nowhere', 'vm2')).toContain('nowhere')
    expect(await names('server', 'list')).toEqual(['vm1'])
  })

  test('everything goes away again, and nothing is left', async () => {
    const [floating] = await demo.json('floating', 'ip', 'list')
    await demo.run('server', 'delete', '--wait', 'vm1')
    await demo.run('floating', 'ip', 'delete', floating.ID)
    await demo.run('router', 'unset', '--external-gateway', 'r1')
    await demo.run('router', 'remove', 'subnet', 'r1', 'sub1')
    await demo.run('router', 'delete', 'r1')
    await demo.run('network', 'delete', 'net1')
    await demo.run('security', 'group', 'delete', 'sg1')
    await demo.run('keypair', 'delete', 'key1')
    await demo.run('image', 'delete', 'img1')
    await admin.run('flavor', 'delete', 'f1')
    const left = await Promise.all([
      demo.json('server', 'list'),
      demo.json('floating', 'ip', 'list'),
      demo.json('keypair', 'list'),
      names('network', 'list'),
    ])
    expect(left.slice(0, 3)).toEqual([[], [], []])
    expect(left[3]).toEqual(['private', 'public'])
    const ports = (await demo.json('port', 'list', '--long')) as { 'Device Owner': string }[]
    expect(ports.filter((port) => port['Device Owner'].startsWith('compute'))).toEqual([])
    const limits = (await demo.json('limits', 'show', '--absolute')) as { Name: string; Value: number }[]
    expect(limits.find((limit) => limit.Name === 'totalInstancesUsed')!.Value).toBe(0)
  })
})
