import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openController, type Controller, type ControllerOptions } from '../../src/controller/controller.ts'
import { controllerRoles } from '../../src/topology/services.ts'
import { clientOf, type Client } from './client.ts'
import { quietLog } from './quiet-log.ts'
import { newDatabase, newQueue, type DatabaseName } from './test-databases.ts'
import { passwordOf, seedTestCloud, tokenFor, type UserName } from './test-identity.ts'
import type { Context } from '../../src/kernel/context.ts'

export { databases, type DatabaseName } from './test-databases.ts'

export { passwordOf, type UserName }

export interface TestCloud {
  readonly url: string
  readonly ctx: Context
  readonly controllers: readonly Controller[]
  /** Where the bytes of images are. */
  readonly imageFolder: string
  as(user: UserName, options?: { controller?: number }): Client
  /** Who has this token. */
  withToken(token: string, options?: { controller?: number }): Client
  readonly anonymous: Client
  projectId(name: string): string
  userId(name: string): string
  close(): Promise<void>
}

export interface CloudOptions extends Partial<
  Pick<
    ControllerOptions,
    'instrument' | 'probe' | 'clock' | 'ids' | 'roles' | 'policies' | 'images' | 'imageNetworks' | 'imageSizeCap' | 'compliance'
  >
> {
  readonly controllers?: number
  /** A queue of the test's own; else one on PostgreSQL. */
  readonly messagingUrl?: string
  /** What one of the controllers has otherwise. */
  readonly each?: (index: number, common: { readonly databaseUrl: string }) => Partial<ControllerOptions>
}

/** What the controllers of every test cloud share. */
export const cloudSecret = 'a secret that only tests may know, of 32 and more'

/** A whole control plane in this process: real HTTP on loopback, a real database and queue of its own. */
export async function aCloud(database: DatabaseName, options: CloudOptions = {}): Promise<TestCloud> {
  const { controllers: count = 1, each, messagingUrl, ...settings } = options
  const [{ url: databaseUrl, drop }, queue, imageFolder] = await Promise.all([
    newDatabase(database),
    newQueue(),
    mkdtemp(join(tmpdir(), 'skykeel-images-')),
  ])
  const controllers = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      openController({
        name: `controller-${index + 1}`,
        databaseUrl,
        messagingUrl: messagingUrl ?? queue.url,
        secret: cloudSecret,
        roles: controllerRoles,
        host: '127.0.0.1',
        port: 0,
        images: imageFolder,
        region: 'RegionOne',
        log: quietLog,
        ...settings,
        ...each?.(index, { databaseUrl }),
      }),
    ),
  )
  const { projectIds, userIds } = await seedTestCloud(controllers[0]!.ctx)
  const urlOf = (index: number) => `http://127.0.0.1:${controllers[index]!.port}`
  const token = tokenFor(urlOf(0))
  const clientAt = (tokenOf: () => Promise<string | undefined>, { controller = 0 } = {}) => clientOf(() => urlOf(controller), tokenOf)
  return {
    url: urlOf(0),
    ctx: controllers[0]!.ctx,
    controllers,
    imageFolder,
    as: (user, options) => clientAt(() => token(user), options),
    withToken: (text, options) => clientAt(async () => text, options),
    anonymous: clientAt(async () => undefined),
    projectId: (name) => projectIds[name]!,
    userId: (name) => userIds[name]!,
    async close() {
      await Promise.all(controllers.map((controller) => controller.stop()))
      await Promise.all([drop(), queue.drop(), rm(imageFolder, { recursive: true, force: true })])
    },
  }
}

/** One cloud for all tests of the surrounding `describe`. */
export function useCloud(database: DatabaseName, options: CloudOptions = {}): TestCloud {
  let cloud: TestCloud | undefined
  beforeAll(async () => {
    cloud = await aCloud(database, options)
  })
  afterAll(() => cloud?.close())
  const there = () => {
    if (!cloud) throw new Error('the cloud is there inside tests only')
    return cloud
  }
  return {
    get url() {
      return there().url
    },
    get ctx() {
      return there().ctx
    },
    get controllers() {
      return there().controllers
    },
    get imageFolder() {
      return there().imageFolder
    },
    get anonymous() {
      return there().anonymous
    },
    as: (user, asOptions) => there().as(user, asOptions),
    withToken: (token, asOptions) => there().withToken(token, asOptions),
    projectId: (name) => there().projectId(name),
    userId: (name) => there().userId(name),
    close: () => there().close(),
  }
}
