import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { EmbeddedCloud } from './embedded-cloud.ts'

const exec = promisify(execFile)

/** Runs the real `openstack` client as a user of clouds.yaml would. */
export interface Openstack {
  /** Runs a command; rejects with what it printed when it fails. */
  run(...args: string[]): Promise<string>
  /** Runs it and reads its JSON. */
  json(...args: string[]): Promise<any>
  /** Runs it, expects it to fail, and returns what it printed. */
  fails(...args: string[]): Promise<string>
}

/** The client for one entry of the clouds.yaml that `skykeel up` wrote. */
export const openstackFor = (cloud: EmbeddedCloud, name: string): Openstack =>
  openstackWith(cloud, { OS_CLIENT_CONFIG_FILE: join(cloud.stateDir, 'clouds.yaml'), OS_CLOUD: name })

/** The client with these settings in its environment, and no others. */
export function openstackWith({ homeDir }: EmbeddedCloud, settings: Readonly<Record<string, string>>): Openstack {
  const env = { PATH: process.env.PATH, HOME: homeDir, LANG: 'C.UTF-8', ...settings }
  const run: Openstack['run'] = async (...args) => {
    try {
      return (await exec('openstack', args, { env, maxBuffer: 64 * 1024 * 1024 })).stdout
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string }
      throw new Error(`openstack ${args.join(' ')} fails: ${stderr}${stdout}`, { cause: error })
    }
  }
  return {
    run,
    json: async (...args) => JSON.parse(await run(...args, '-f', 'json')) as unknown,
    async fails(...args) {
      try {
        await run(...args)
      } catch (error) {
        return (error as Error).message
      }
      throw new Error(`openstack ${args.join(' ')} was expected to fail`)
    },
  }
}
