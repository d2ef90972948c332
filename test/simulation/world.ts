import { sql } from 'kysely'
import { forWork, type Context } from '../../src/kernel/context.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { openDatabase } from '../../src/kernel/sql/database.ts'
import { transaction } from '../../src/kernel/sql/transaction.ts'
import { openVault } from '../../src/kernel/vault.ts'
import { seedImages } from '../../src/glance/contract.ts'
import { seedNetworks } from '../../src/neutron/contract.ts'
import { setLimit as setNetworkLimit } from '../../src/neutron/quotas/store.ts'
import { seedCompute } from '../../src/nova/contract.ts'
import { receiveHostReports } from '../../src/nova/hosts/receive-reports.ts'
import { setLimit } from '../../src/nova/quotas/store.ts'
import { quietLog } from '../helpers/quiet-log.ts'
import { newDatabase } from '../helpers/test-databases.ts'
import { chanceOf, idsOf } from './chance.ts'
import { hostResources } from './compute-host.ts'
import { openSessions, type Sessions } from './sessions.ts'
import { epochMs } from './stage.ts'
import type { Subject } from '../../src/cloud/context.ts'
import type { Messaging } from '../../src/kernel/messaging/messaging.ts'

/** The place of all schedules: a database with one project, its network and two hosts. */
export interface World {
  readonly sessions: Sessions
  readonly hosts: readonly string[]
  readonly subject: Subject
  /** The image, networks and flavor that the clients use. */
  readonly imageId: string
  readonly networkId: string
  readonly externalId: string
  readonly flavorId: string
  /** Puts everything back to the beginning. */
  reset(): Promise<void>
  close(): Promise<void>
}

const projectId = 'demo'
const subject: Subject = {
  userId: 'demo-user',
  userName: 'demo',
  userDomainId: 'default',
  projectId,
  projectName: 'demo',
  projectDomainId: 'default',
  systemScope: false,
  roles: ['member', 'reader'],
  expiresAt: new Date(epochMs + 24 * 3600_000),
  auditIds: ['audit'],
}

/** What the project may have: little, so that clients meet the limits. */
export const limits = { instances: 4, ports: 9, floatingIps: 2 }

/** Makes it in a new database. Takes a second. */
export async function openWorld(): Promise<World> {
  const { url, drop } = await newDatabase('postgres')
  const hosts = ['compute1', 'compute2']
  const opened = openDatabase({ url, log: quietLog, poolSize: 2 })
  const base: Context = {
    db: opened.db,
    dialect: opened.dialect,
    messaging: { ring: () => {} } as unknown as Messaging,
    clock: systemClock,
    ids: idsOf(chanceOf(1)),
    log: quietLog,
    vault: openVault('a secret that only tests may know, of 32 and more'),
    requestId: 'req-world',
    patienceUntilMs: 0,
  }
  const ctx = forWork(base, 'req-world')
  await transaction(ctx, 'seed', async (tx) => {
    await seedCompute(ctx, tx)
    await seedNetworks(ctx, tx, { adminProjectId: 'admin', demoProjectId: projectId })
    const file = {
      name: 'file',
      sizeBytes: 1,
      disk: { format: 'raw' as const, virtualSizeBytes: undefined, dangers: [] },
      md5: '',
      sha512: '',
    }
    await seedImages(ctx, tx, { projectId: 'admin', file })
    await setLimit(ctx, tx, projectId, 'instances', limits.instances)
    await setNetworkLimit(ctx, tx, { projectId, resource: 'port', limit: limits.ports })
    await setNetworkLimit(ctx, tx, { projectId, resource: 'floatingip', limit: limits.floatingIps })
  })
  for (const name of hosts)
    await receiveHostReports(ctx, { agent: `agent of ${name}`, hosts: [{ name, driver: 'sim', resources: hostResources }] })
  await sql.raw(rememberBeginning).execute(opened.db)
  const networks = await opened.db.selectFrom('neutron_networks').select(['id', 'external']).execute()
  const image = await opened.db.selectFrom('glance_images').select('id').executeTakeFirstOrThrow()
  await opened.close()
  const sessions = await openSessions(url)
  return {
    sessions,
    hosts,
    subject,
    imageId: image.id,
    networkId: networks.find((network) => !network.external)!.id,
    externalId: networks.find((network) => network.external)!.id,
    flavorId: '42',
    async reset() {
      const session = await sessions.take()
      await session.client.query(backToBeginning)
      sessions.giveBack(session)
    },
    async close() {
      await sessions.close()
      await drop()
    },
  }
}

// Beside the beginning, the database writes down every move of a saga, and every moment at which too much was used: what no process
// under test could forget or embellish.
const rememberBeginning = `
  create table beginning_ports as select id from neutron_ports;
  create table beginning_quotas as select * from neutron_quotas;
  create table saga_moves (number bigint generated always as identity, saga text, seen bigint, became bigint, step int, state text);
  create function note_saga_move() returns trigger language plpgsql as $$
    begin insert into saga_moves (saga, seen, became, step, state) values (new.id, old.revision, new.revision, new.step, new.state); return null; end $$;
  create trigger note_saga_move after update on kernel_sagas for each row execute function note_saga_move();
  create table trespasses (what text);
  create function note_trespass() returns trigger language plpgsql as $$
    begin insert into trespasses values (tg_argv[0] || ' ' || row_to_json(new)::text); return null; end $$;
  create trigger note_overfull after update on placement_inventories for each row
    when (new.used > new.capacity or new.used < 0) execute function note_trespass('host');
  create trigger note_quota after update on nova_quota_usages for each row
    when (new.instances > ${limits.instances} or new.instances < 0) execute function note_trespass('compute quota');
  create trigger note_network_quota after update on neutron_quotas for each row
    when (new.used > new.limit_value or new.used < 0) execute function note_trespass('network quota');
`

const epoch = `timestamptz '${new Date(epochMs).toISOString()}'`

const backToBeginning = `
  delete from kernel_sagas; delete from kernel_idempotency_keys; delete from saga_moves; delete from trespasses;
  delete from nova_servers; delete from nova_server_consoles; delete from nova_instance_actions; delete from nova_quota_usages;
  delete from placement_allocations; delete from placement_consumers; update placement_inventories set used = 0 where used <> 0;
  delete from neutron_floating_ips;
  delete from neutron_ip_allocations where port_id not in (select id from beginning_ports);
  delete from neutron_ports where id not in (select id from beginning_ports);
  delete from neutron_quotas; insert into neutron_quotas select * from beginning_quotas;
  delete from nova_services where program <> 'nova-compute'; update nova_services set seen_at = ${epoch}, silent = false, disabled = false, forced_down = false;
`
