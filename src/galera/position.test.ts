import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from '../../test/helpers/free-port.ts'
import { has } from '../../test/helpers/parts.ts'
import { until } from '../../test/helpers/until.ts'
import type { GaleraControl } from './control.ts'
import { installOnce } from './install.ts'
import { stateOf } from './node-state.ts'
import { positionOnDisk } from './position.ts'

const mariadbd = '/usr/sbin/mariadbd'

/** A node that is a cluster by itself, in a folder of its own. */
async function aNode(home: string): Promise<GaleraControl> {
  const [port, replication, incremental] = [await freePort(), await freePort(), await freePort()]
  const [dataDir, socket, defaultsFile] = ['data', 'sock', 'my.cnf'].map((name) => join(home, name)) as [string, string, string]
  mkdirSync(join(home, 'tmp'))
  writeFileSync(
    defaultsFile,
    [
      ...['[mariadbd]', `datadir=${dataDir}`, `tmpdir=${home}/tmp`, `socket=${socket}`, `pid_file=${home}/pid`, `port=${port}`],
      ...['bind_address=127.0.0.1', 'binlog_format=ROW', 'innodb_autoinc_lock_mode=2', 'innodb_buffer_pool_size=32M'],
      ...[
        'wsrep_on=ON',
        'wsrep_provider=/usr/lib/galera/libgalera_smm.so',
        'wsrep_cluster_address=gcomm://',
        'wsrep_node_address=127.0.0.1',
      ],
      `wsrep_provider_options="gmcast.listen_addr=tcp://127.0.0.1:${replication};ist.recv_addr=127.0.0.1:${incremental};gcache.size=8M"`,
      ...(process.getuid?.() === 0 ? ['user=root'] : []),
      '',
    ].join('\n'),
  )
  const common = {
    name: 'c1',
    address: '127.0.0.1',
    checkPort: 0,
    peers: [],
    user: 'skykeel',
    password: 'only of this test',
    database: 'skykeel',
  }
  return { ...common, mariadbd, installDb: '/usr/bin/mariadb-install-db', defaultsFile, dataDir, socket }
}

test.runIf(has('lab'))('a node that was killed still knows how far it had come', { timeout: 90_000 }, async () => {
  const home = mkdtempSync(join(tmpdir(), 'skykeel-galera-'))
  try {
    const control = await aNode(home)
    await installOnce(control)
    expect(await positionOnDisk(control)).toBeUndefined()
    const server = spawn(mariadbd, [`--defaults-file=${control.defaultsFile}`, '--wsrep-new-cluster'], { stdio: 'ignore' })
    const ended = once(server, 'exit')
    try {
      await until(async () => (await stateOf(control))?.state === 'primary', { timeoutMs: 30_000, what: 'the node to serve' })
      const { position } = (await stateOf(control))!
      server.kill('SIGKILL')
      await ended
      expect(position!.seqno).toBeGreaterThan(0)
      expect(await positionOnDisk(control)).toEqual(position)
    } finally {
      server.kill('SIGKILL')
    }
    writeFileSync(control.defaultsFile, '[mariadbd]\nno_such_setting=1\n')
    await expect(positionOnDisk(control)).rejects.toThrow('--wsrep-recover exits with 1')
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
