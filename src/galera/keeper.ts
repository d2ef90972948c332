import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import type { GaleraControl } from './control.ts'
import { decide, type NodeReport } from './decide.ts'
import { installOnce } from './install.ts'
import { promote, stateOf } from './node-state.ts'
import { askPeers, tell } from './peers.ts'
import { allowBootstrap, positionOnDisk } from './position.ts'
import { isTight, roomFor } from './room.ts'

export interface Keeper {
  /** Ends mariadbd in order, and then itself. */
  stop(): Promise<void>
}

const lookEveryMs = 500
/** How long a node without a majority waits for its peers before it asks whether it should be the cluster. */
const lonelyMs = 5_000
/** How long mariadbd may take to end in order when it has left its cluster; then it is killed. */
const leaveMs = 10_000
/** A person makes this file in the data folder to say: begin here, whatever the others may hold. */
export const forceFile = 'skykeel-bootstrap'

/** Keeps one node of a Galera cluster: starts mariadbd when it is clear how, ends with it, and tells peers and balancers how it is. */
export async function keepNode(ctx: { clock: Clock; log: Log }, control: GaleraControl): Promise<Keeper> {
  const { clock, log } = ctx
  const stopping = new AbortController()
  let report: NodeReport | undefined
  let child: ChildProcess | undefined

  const server = await tell(control, () => report)
  const ended = run()

  async function run() {
    // Until then it says nothing of itself: on a full disk nobody can tell how far its data go.
    await roomFor(ctx, control, stopping.signal)
    if (stopping.signal.aborted) return
    await installOnce(control)
    const found = await positionOnDisk(control)
    log.info({ node: control.name, position: found }, 'a Galera node looks for its cluster')
    const own: NodeReport = { name: control.name, state: 'down', position: found }
    report = own
    const act = await decision(own)
    if (!act) return
    if (act === 'bootstrap') allowBootstrap(control)
    report = { ...own, state: 'joining' }
    child = start(act)
    const exited = new Promise<void>((resolve) => child?.once('exit', () => resolve()))
    await Promise.race([exited, watch(own)])
    await exited
    if (!stopping.signal.aborted) throw new Error(`mariadbd ended with ${child.signalCode ?? child.exitCode}`)
  }

  /** Asks until it is clear what to do; undefined when there is nothing left to do. */
  async function decision(own: NodeReport): Promise<'join' | 'bootstrap' | undefined> {
    let told = ''
    while (!stopping.signal.aborted) {
      const forced = join(control.dataDir, forceFile)
      if (existsSync(forced)) {
        rmSync(forced)
        return 'bootstrap'
      }
      const decided = decide(own, await askPeers(control))
      if (decided.act !== 'wait') return decided.act
      if (decided.why !== told) log.info({ node: control.name, why: decided.why }, 'a Galera node waits')
      told = decided.why
      await clock.sleep(lookEveryMs, stopping.signal).catch(() => {})
    }
    return undefined
  }

  function start(act: 'join' | 'bootstrap'): ChildProcess {
    log.info({ node: control.name, act }, 'mariadbd starts')
    const args = [`--defaults-file=${control.defaultsFile}`, ...(act === 'bootstrap' ? ['--wsrep-new-cluster'] : [])]
    // It must not outlive us: nobody would tell how it is.
    return spawn('setpriv', ['--pdeathsig', 'TERM', control.mariadbd, ...args], { stdio: ['ignore', 'inherit', 'inherit'] })
  }

  /** Sees how the node is, for as long as it runs. */
  async function watch(own: NodeReport) {
    let lonelySinceMs: number | undefined
    while (!stopping.signal.aborted && child?.exitCode === null && child.signalCode === null) {
      const seen = await stateOf(control)
      report = seen ?? { ...own, state: 'joining', position: report?.position }
      lonelySinceMs = report.state === 'lonely' ? (lonelySinceMs ?? clock.monotonicMs()) : undefined
      if (report.state === 'left') return leave('it has left its cluster')
      if (report.state === 'primary' && isTight(control) && (await anotherServes())) return leave('its disk is full')
      if (lonelySinceMs !== undefined && clock.monotonicMs() - lonelySinceMs > lonelyMs) await standAlone(report)
      await clock.sleep(lookEveryMs, stopping.signal).catch(() => {})
    }
  }

  const anotherServes = async () => Object.values(await askPeers(control)).some((peer) => peer?.state === 'primary')

  /** mariadbd does not come back by itself: it ends, and the next one enters the cluster anew. */
  async function leave(why: string) {
    log.warn({ node: control.name, why }, 'mariadbd ends, and is started again')
    report = { name: control.name, state: 'left', position: undefined }
    child?.kill('SIGTERM')
    await Promise.race([new Promise((resolve) => child?.once('exit', resolve)), clock.sleep(leaveMs, stopping.signal).catch(() => {})])
    child?.kill('SIGKILL')
  }

  /** The others are down and have come less far: then this node is the cluster, and they enter it. */
  async function standAlone(own: NodeReport) {
    const decided = decide(own, await askPeers(control))
    if (decided.act !== 'bootstrap') return
    log.warn({ node: control.name, position: own.position }, 'a node without a majority becomes the cluster')
    await promote(control).catch((error: Error) => log.warn({ reason: error.message }, 'it can not'))
  }

  ended.catch((error: Error) => {
    log.error({ node: control.name, reason: error.message }, 'a Galera node ends')
    process.exit(1)
  })
  return {
    async stop() {
      stopping.abort()
      child?.kill('SIGTERM')
      await ended.catch(() => {})
      server.close()
      server.closeAllConnections()
    },
  }
}
