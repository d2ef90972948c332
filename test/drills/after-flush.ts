import type { Scenario } from '../../src/drill/scenarios/scenario.ts'
import { run } from '../../src/lab/command.ts'
import { galeraPaths } from '../../src/topology/render/galera-config.ts'
import { labDirAt, layoutOf } from '../../src/lab/places.ts'

/** How much of what clients do is on no disk where commits wait for one, in milliseconds. */
const unwrittenMs = 5_000

/**
 * The same blow at a moment of which one knows what is on the disks of a lab's Galera nodes: everything but the last seconds, if those do not
 * write what they acknowledge. By chance one of them might just have written, and that one would save the others.
 */
export const afterFlush = (scenario: Scenario, stateDir: string): Scenario => ({
  ...scenario,
  async blow(stage, target, choose) {
    const nodes = (await target.processes()).filter(({ kind }) => kind === 'database')
    const sockets = nodes.map(({ host }) => galeraPaths(layoutOf(labDirAt(stateDir), host)).socket)
    await Promise.all(sockets.map((socket) => run(['mariadb', '--no-defaults', '--socket', socket, '--execute', 'flush engine logs'])))
    await stage.clock.sleep(unwrittenMs, stage.signal)
    await scenario.blow(stage, target, choose)
  },
})
