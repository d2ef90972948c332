import { openAgent, type Agent } from '../../src/agent/agent.ts'
import { openSimDriver, type SimAct, type SimOptions } from '../../src/agent/drivers/sim.ts'
import { hostsByName } from '../../src/nova/hosts/store.ts'
import { quietLog } from './quiet-log.ts'
import { until } from './until.ts'
import type { TestCloud } from './a-cloud.ts'
import type { Messaging } from '../../src/kernel/messaging/messaging.ts'
import type { Driver, Resources } from '../../src/agent/drivers/driver.ts'

/** Simulated hosts of a test cloud, an agent each. */
export interface ComputeHosts {
  /** What their hypervisor has: all hosts share one. */
  readonly driver: Driver
  /** Called before each act of the hypervisor; throw a Fault to refuse, never resolve to hang. */
  beforeAct: (act: SimAct) => Promise<void> | void
  /** Ends a host's agent, as if its machine had died. The control plane learns it within seconds, or at once with `known`. */
  kill(host: string, options?: { known?: boolean }): Promise<void>
  /** Opens the agent of a host (again). Its guests are still there. */
  revive(host: string): Promise<void>
  stop(): Promise<void>
}

export interface HostOptions {
  readonly names?: readonly string[]
  readonly resources?: Resources
  readonly delaysMs?: SimOptions['delaysMs']
  /** How often guests are reported, in milliseconds. */
  readonly guestsEveryMs?: number
  /** How the agent of a host reaches the controllers; by the queue of the first one unless said. */
  readonly messagingOf?: (host: string) => Messaging
}

/** Opens hosts and waits until the control plane knows them. */
export async function computeHosts(cloud: TestCloud, options: HostOptions = {}): Promise<ComputeHosts> {
  const {
    names = ['compute1', 'compute2'],
    resources = { vcpus: 64, memoryMb: 65_536, diskGb: 1000 },
    delaysMs,
    guestsEveryMs = 500,
    messagingOf = () => cloud.ctx.messaging,
  } = options
  const { ctx } = cloud
  const agents = new Map<string, Agent>()
  const lines = new Map<string, Line>()
  const driver = await openSimDriver({ clock: ctx.clock, ...(delaysMs && { delaysMs }), beforeAct: (act) => hosts.beforeAct(act) })
  const open = async (name: string) => {
    const { clock, ids } = ctx
    const line = mortal(messagingOf(name))
    lines.set(name, line)
    agents.set(
      name,
      await openAgent({
        messaging: line.messaging,
        clock,
        ids,
        log: quietLog,
        name: `agent of ${name}`,
        hosts: [{ name, resources }],
        driver,
        heartbeatMs: 250,
        guestsEveryMs,
      }),
    )
  }
  const close = async (name: string) => {
    await agents.get(name)?.stop()
    agents.delete(name)
  }
  const areUp = async (wanted: readonly string[]) => {
    const known = await hostsByName(ctx.db, wanted)
    return wanted.every((name) => known.get(name)?.up)
  }
  const hosts: ComputeHosts = {
    driver,
    beforeAct: () => {},
    async kill(host, { known = false } = {}) {
      // Whatever the host does at this moment, nobody hears of it.
      lines.get(host)?.cut()
      const closing = close(host)
      if (known)
        await ctx.db
          .updateTable('nova_services')
          .set({ forced_down: true })
          .where('host', '=', host)
          .where('program', '=', 'nova-compute')
          .execute()
      await Promise.race([closing, ctx.clock.sleep(50)])
    },
    async revive(host) {
      await ctx.db
        .updateTable('nova_services')
        .set({ forced_down: false })
        .where('host', '=', host)
        .where('program', '=', 'nova-compute')
        .execute()
      await open(host)
    },
    async stop() {
      await Promise.all([...agents.keys()].map(close))
    },
  }
  await Promise.all(names.map(open))
  await until(() => areUp(names), { what: 'all hosts to be up' })
  return hosts
}

interface Line {
  readonly messaging: Messaging
  cut(): void
}

/** A queue that a dead machine can't reach: what is sent after the cut is never confirmed. */
function mortal(messaging: Messaging): Line {
  let dead = false
  return {
    cut: () => {
      dead = true
    },
    messaging: {
      ring: (role) => messaging.ring(role),
      listen: (roles, onRing) => messaging.listen(roles, onRing),
      send: (mailbox, message) => (dead ? new Promise(() => {}) : messaging.send(mailbox, message)),
      receive: (mailbox, options, handle) => messaging.receive(mailbox, options, handle),
      healthy: () => messaging.healthy(),
      close: () => messaging.close(),
    },
  }
}
