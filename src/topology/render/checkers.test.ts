import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { has, withServers } from '../../../test/helpers/parts.ts'
import { topologies, topologyNames } from '../../../test/helpers/rendered-topologies.ts'
import type { Topology } from '../model.ts'
import { secretOf } from '../secret-of.ts'
import type { Layout, RenderedFile } from '../unit.ts'
import { planHost } from './host.ts'
import { planMachine } from './machine.ts'
import { tlsFiles } from './tls.ts'

// What each engine says of its own configuration.

const root = mkdtempSync(join(tmpdir(), 'skykeel-render-'))
afterAll(() => rmSync(root, { recursive: true }))

const rendering = { secretOf: secretOf('the secret of a cloud that is only tested') }
const isRoot = process.getuid?.() === 0
const layoutAt = (folder: string): Layout => ({
  ...{ etc: `${folder}/etc`, lib: `${folder}/lib`, run: `${folder}/run`, log: `${folder}/log` },
  skykeel: '/bin/true',
})

function put(files: readonly RenderedFile[], below = ''): void {
  for (const { path, text, mode } of files) {
    mkdirSync(dirname(below + path), { recursive: true })
    writeFileSync(below + path, text, { mode })
  }
}

function run(program: string, ...args: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: withServers, timeout: 30_000 })
  return { status, said: stdout + stderr }
}

const anInterface = Object.entries(networkInterfaces()).find(([, all]) => all?.some(({ internal }) => !internal))?.[0]

describe.each(topologyNames)('the files of %s', (name) => {
  const topology: Topology = {
    ...topologies[name],
    hosts: topologies[name].hosts.map((host) => ({ ...host, interface: anInterface ?? 'eth0' })),
  }
  const home = join(root, name)
  const etcOf = (host: string, path: string) => join(home, host, 'etc', path)
  const hostsWithUnit = (unit: string) => {
    return topology.hosts.map((host) => host.name).filter((host) => plans.get(host)!.units.some((one) => one.name === unit))
  }
  const plans = new Map(
    topology.hosts.map((host) => [host.name, planHost(topology, host.name, { ...rendering, layout: layoutAt(join(home, host.name)) })]),
  )

  beforeAll(() => {
    for (const { files, units } of plans.values()) {
      put(files)
      for (const folder of units.flatMap(({ folders }) => folders).filter((one) => one.startsWith(home)))
        mkdirSync(folder, { recursive: true })
    }
    put(tlsFiles(topology, join(home, 'tls')))
  })

  test.skipIf(!has('haproxy') || !has('openssl'))('HAProxy accepts without a warning', () => {
    for (const host of hostsWithUnit('haproxy')) {
      if (topology.tls.kind === 'private') {
        expect(run(join(home, 'tls/make-certificate')).status).toBe(0)
        mkdirSync(etcOf(host, 'tls'), { recursive: true })
        expect(run('cp', join(home, 'tls/front.pem'), etcOf(host, 'tls')).status).toBe(0)
      }
      expect(run('haproxy', '-c', '-f', etcOf(host, 'haproxy/haproxy.cfg'))).toEqual({ status: 0, said: 'Configuration file is valid\n' })
    }
  })

  test.skipIf(!has('keepalived') || !isRoot || !anInterface)('keepalived finds no mistake', () => {
    for (const host of hostsWithUnit('keepalived')) {
      const log = join(home, `${host}-keepalived.log`)
      // With 2.2.7 a good configuration ends it by a signal of its own; a bad one with code 5.
      const { status } = run('keepalived', `--config-test=${log}`, '--use-file', etcOf(host, 'keepalived/keepalived.conf'))
      expect(status).not.toBe(5)
      expect(run('cat', log).said).toBe('')
    }
  })

  test.skipIf(!has('mariadb'))('mariadbd knows every option', () => {
    for (const host of hostsWithUnit('galera')) {
      const user = isRoot ? ['--user=root'] : []
      const { status, said } = run('mariadbd', `--defaults-file=${etcOf(host, 'galera/my.cnf')}`, '--help', '--verbose', ...user)
      expect(status).toBe(0)
      expect(said).not.toMatch(/\[ERROR\]|unknown (variable|option)/i)
      expect(said).toMatch(/^innodb-flush-log-at-trx-commit +1$/m)
      expect(said).toMatch(/^wsrep-cluster-address +gcomm:\/\/10\.0\.0\.11,10\.0\.0\.12/m)
    }
  })

  test.skipIf(!has('patroni'))('Patroni finds no mistake', () => {
    for (const host of hostsWithUnit('patroni')) {
      const { said } = run('patroni', '--validate-config', etcOf(host, 'patroni/patroni.yaml'))
      // What is free or reachable on this machine says nothing about the file. Our rules of pg_hba stand below `postgresql`.
      const mistakes = said
        .split('\n')
        .filter((line) => line !== '' && !/already in use|is not reachable|bootstrap\.pg_hba|root/.test(line))
      expect(mistakes).toEqual([])
    }
  })

  test('the shell can read each script', () => {
    for (const { files } of plans.values())
      for (const { path, text } of files.filter((file) => file.text.startsWith('#!/bin/')))
        expect({ path, ...run(text.startsWith('#!/bin/bash') ? 'bash' : 'sh', '-n', path) }).toEqual({ path, status: 0, said: '' })
  })

  test.skipIf(!has('nft') || !isRoot)('nftables accepts the firewall', () => {
    for (const host of topology.hosts) {
      const file = join(home, `${host.name}.nft`)
      writeFileSync(file, planMachine(topology, host.name, rendering).files.find(({ path }) => path.endsWith('firewall.nft'))!.text)
      expect(run('nft', '-c', '-f', file)).toEqual({ status: 0, said: '' })
    }
  })

  test.skipIf(!has('systemd'))('systemd knows every line of the units', () => {
    for (const host of topology.hosts) {
      const below = join(home, 'machines', host.name)
      const { files, install } = planMachine(topology, host.name, rendering)
      put([...files, { path: '/install', text: install, mode: 0o755 }], below)
      expect(run('sh', '-n', `${below}/install`)).toEqual({ status: 0, said: '' })
      const units = files.filter(({ path }) => path.endsWith('.service')).map(({ path }) => below + path)
      const complaints = run('systemd-analyze', 'verify', '--man=no', ...units).said.split('\n')
      // The programs belong to the machine that the units are for.
      expect(complaints.filter((line) => line !== '' && !line.includes('is not executable'))).toEqual([])
    }
  })
})

test.skipIf(!has('openssl'))('the private authority is made once, and its certificate is for the address', () => {
  const folder = join(root, 'authority')
  put(tlsFiles(topologies.patroni, folder))
  const make = () => {
    expect(run(join(folder, 'make-certificate')).status).toBe(0)
    return [run('cat', join(folder, 'authority.pem')).said, run('cat', join(folder, 'front.pem')).said]
  }
  const [authority, front] = make()
  expect(make()).toEqual([authority, front])
  const verify = (address: string) =>
    run('openssl', 'verify', '-CAfile', join(folder, 'authority.pem'), '-verify_ip', address, join(folder, 'front.pem')).status
  expect(verify('10.0.0.10')).toBe(0)
  expect(verify('10.0.0.99')).not.toBe(0)
  rmSync(join(folder, 'front.pem'))
  const [kept, renewed] = make()
  expect(kept).toBe(authority)
  expect(renewed).not.toBe(front)
})
