import { Fault, forbidden, invalid, overLimit } from '../../kernel/errors.ts'
import { existsAt } from '../../kernel/http/schema.ts'
import { projectOf, type CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { imageForServer } from '../../glance/contract.ts'
import { planNics, type NicPlan, type NicRequest } from '../../neutron/contract.ts'
import { extraSpecs } from '../flavors/extra-specs-store.ts'
import { usableFlavor } from '../flavors/store.ts'
import { keypairOf } from '../keypairs/store.ts'
import { limitsOf } from '../quotas/store.ts'
import { groupById } from '../server-groups/store.ts'
import { isTrue } from '../schema-types.ts'
import { imageIdOf } from './block-devices.ts'
import { hostnameFrom } from './hostname.ts'
import { placeOf } from './place.ts'
import type { CreateServerBody, HintsBody } from './schema.ts'
import type { NewServer } from './store.ts'
import type { SchedulerHints } from './steps/rules-of-place.ts'
import type { ServerFlavor } from './tables.ts'

/** What will be built. */
export interface ServerPlan {
  readonly template: Omit<NewServer, 'id' | 'hostname' | 'launch_index'>
  /** Empty: made of the server's id. */
  readonly hostname: string
  readonly nics: readonly NicPlan[]
  readonly hints: SchedulerHints
  /** The server group that they join. */
  readonly groupId: string | undefined
  readonly minCount: number
  readonly maxCount: number
}

/** Looks up everything that a request for servers names, and decides what to build. Changes nothing. Throws `invalid` and its like, in nova's words. */
export async function planServers(ctx: CloudContext, db: Db, server: CreateServerBody, hints: HintsBody): Promise<ServerPlan> {
  const { minCount, maxCount } = countsOf(server)
  const networks = networksOf(server, maxCount)
  const place = await placeOf(ctx, db, server)
  const flavor = await flavorFor(ctx, db, String(server.flavorRef))
  const imageId = await bootableImage(ctx, db, imageIdOf(server), flavor)
  await checkLimits(ctx, db, server)
  await checkKeypair(ctx, db, server.key_name)
  checkUserData(server.user_data)
  const securityGroups = server.security_groups?.map((group) => group.name) ?? ['default']
  const nics = await planNics(ctx, db, networks, { securityGroups: [...new Set(securityGroups)] })
  return {
    template: {
      project_id: projectOf(ctx),
      user_id: ctx.subject.userId,
      name: server.name,
      description: existsAt({ since: '2.19' }, ctx.version) ? (server.description ?? null) : server.name,
      flavor_id: flavor.id,
      flavor_json: flavor,
      image_id: imageId,
      key_name: server.key_name ?? null,
      user_data: server.user_data ?? null,
      config_drive: server.config_drive === undefined ? false : isTrue(server.config_drive),
      disk_config: server['OS-DCF:diskConfig'] ?? 'MANUAL',
      metadata_json: server.metadata ?? {},
      tags: server.tags?.length ? `,${server.tags.join(',')},` : '',
      access_ipv4: server.accessIPv4 ?? '',
      access_ipv6: server.accessIPv6 ?? '',
      wanted_zone: place.zone,
      wanted_host: place.host,
      reservation_id: `r-${ctx.ids.hex().slice(0, 8)}`,
    },
    hostname: server.hostname ?? hostnameFrom(server.name),
    nics,
    groupId: await groupFor(ctx, db, hints.group, maxCount),
    hints: { differentHost: [hints.different_host ?? []].flat(), sameHost: [hints.same_host ?? []].flat() },
    minCount,
    maxCount,
  }
}

function countsOf({ min_count: min, max_count: max }: CreateServerBody) {
  const minCount = Number(min ?? 1)
  const maxCount = Number(max ?? minCount)
  if (minCount > maxCount) throw invalid('min_count must be <= max_count')
  return { minCount, maxCount }
}

function networksOf({ networks }: CreateServerBody, count: number): NicRequest[] | 'auto' | 'none' {
  if (networks === 'auto' || networks === 'none') return networks
  return (networks ?? []).map(({ uuid, port, fixed_ip: fixedIp, tag }) => {
    if (!port && !uuid) throw invalid("Bad network format: missing 'uuid'")
    if (count > 1 && port)
      throw invalid(
        'Unable to launch multiple instances with a single configured port ID. Please launch your instance one by one with different ports.',
      )
    if (count > 1 && fixedIp) throw invalid('Invalid input received: max_count cannot be greater than 1 if an fixed_ip is specified.')
    if (port && fixedIp)
      throw invalid(`Specified Fixed IP '${fixedIp}' cannot be used with port '${port}': the two cannot be specified together.`)
    return { ...(port ? { portId: port } : { networkId: uuid! }), ...(fixedIp && { fixedIp }), ...(tag && { tag }) }
  })
}

async function flavorFor(ctx: CloudContext, db: Db, id: string): Promise<ServerFlavor> {
  const flavor = id.length <= 255 ? await usableFlavor(ctx, db, id) : undefined
  if (!flavor) throw invalid(`Flavor ${id} could not be found.`)
  const { name, vcpus, memoryMb, diskGb, ephemeralGb, swapMb } = flavor
  return { id: flavor.id, name, vcpus, memoryMb, diskGb, ephemeralGb, swapMb, extraSpecs: await extraSpecs(db, flavor.id) }
}

async function groupFor(ctx: CloudContext, db: Db, id: string | undefined, count: number): Promise<string | undefined> {
  if (id === undefined) return undefined
  const group = await groupById(db, id)
  if (group?.projectId !== projectOf(ctx)) throw invalid(`Instance group ${id} could not be found.`)
  const { server_group_members: limit } = await limitsOf(db, group.projectId)
  if (limit >= 0 && group.members.length + count > limit) throw overLimit('Quota exceeded, too many servers in group')
  return id
}

const gib = 1024 ** 3

async function bootableImage(ctx: CloudContext, db: Db, id: string, flavor: ServerFlavor): Promise<string> {
  const image = await imageForServer(ctx, db, id).catch((error: unknown) => {
    if (error instanceof Fault && error.kind === 'notFound') throw invalid('Can not find requested image')
    throw error
  })
  if (image.status !== 'active') throw invalid(`Image ${id} is not active.`)
  if (flavor.memoryMb < image.minRamMb) throw invalid("Flavor's memory is too small for requested image.")
  const needed = Math.max(image.minDiskGb * gib, image.sizeBytes)
  // A flavor without a disk takes the image's size.
  if (flavor.diskGb > 0 && flavor.diskGb * gib < needed) {
    throw invalid(
      `Flavor's disk is too small for requested image. Flavor disk is ${flavor.diskGb * gib} bytes, minimum size is ${needed} bytes.`,
    )
  }
  return id
}

async function checkLimits(ctx: CloudContext, db: Db, { metadata = {}, ...rest }: CreateServerBody): Promise<void> {
  const files = 'personality' in rest ? (rest.personality ?? []) : []
  const items = Object.keys(metadata).length
  if (items === 0 && files.length === 0) return
  const limits = await limitsOf(db, projectOf(ctx))
  if (limits.metadata_items >= 0 && items > limits.metadata_items)
    throw overLimit(`Maximum number of metadata items exceeds ${limits.metadata_items}`)
  if (limits.injected_files >= 0 && files.length > limits.injected_files) throw forbidden('Personality file limit exceeded')
  const tooLong = files.some((file) => file.contents.length > limits.injected_file_content_bytes * 2)
  if (limits.injected_file_content_bytes >= 0 && tooLong) throw forbidden('Personality file content limit exceeded')
}

async function checkKeypair(ctx: CloudContext, db: Db, name: string | null | undefined): Promise<void> {
  if (name && !(await keypairOf(db, { userId: ctx.subject.userId, name }))) throw invalid('Invalid key_name provided.')
}

function checkUserData(text: string | null | undefined): void {
  if (text && !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text))
    throw invalid(`Invalid input for field/attribute user_data. Value: ${text.slice(0, 100)}. '${text.slice(0, 100)}' is not a 'base64'`)
}
