import type { HostRole, Topology, TopologyHost } from '../model.ts'
import { hostsPlaying, hostsRunning } from '../programs.ts'
import { controllerRoles } from '../services.ts'
import { listed, namesOf, type Rule, when } from './rule.ts'

/** What findings call the place of images where it is no folder. */
const bucket = 'image_bucket'

const roles = controllerRoles as readonly HostRole[]
const players = (topology: Topology): { role: HostRole; hosts: readonly TopologyHost[] }[] =>
  roles.map((role) => ({ role, hosts: hostsPlaying(topology, role) }))

/** The stateless roles, and the bytes of images that they share. */
export const controllerRules: readonly Rule[] = [
  {
    id: 'role-missing',
    severity: 'error',
    find: (topology) => {
      const missing = players(topology).filter(({ hosts }) => hosts.length === 0)
      return when(missing.length > 0, () => ({
        subject: listed(missing.map(({ role }) => role)),
        breaks: 'Nobody plays this: its requests are refused, and work that waits for it gets no further.',
        fix: 'Give the role controller to two hosts or more.',
      }))
    },
  },
  {
    id: 'single-controller',
    severity: 'warning',
    find: (topology) => {
      const single = Map.groupBy(
        players(topology).filter(({ hosts }) => hosts.length === 1),
        ({ hosts }) => hosts[0]!.name,
      )
      return [...single].map(([name, played]) => ({
        subject: name,
        breaks: `When this host dies, nobody plays ${played.length === roles.length ? 'any stateless role' : listed(played.map(({ role }) => role))}.`,
        fix: 'Give the same roles to a second host; instances need nothing from each other.',
      }))
    },
  },
  {
    id: 'images-not-shared',
    severity: 'error',
    find: (topology) => {
      const keepers = hostsPlaying(topology, 'glance-api')
      return when(!topology.images.shared && keepers.length > 1, () => ({
        subject: topology.images.folder ?? bucket,
        breaks: `An image that came to one of ${namesOf(keepers)} is not found by the others.`,
        fix: 'Mount one filesystem there on all of them and write `images: {shared: true}`, or give them a bucket by `image_bucket`.',
      }))
    },
  },
  {
    id: 'images-on-one-host',
    severity: 'warning',
    find: (topology) => {
      const keepers = hostsPlaying(topology, 'glance-api')
      return when(!topology.images.shared && keepers.length === 1, () => ({
        subject: namesOf(keepers),
        breaks: 'The bytes of all images are on this host alone and are lost with its disk.',
        fix: 'Put the folder on a filesystem that is replicated, and write `images: {shared: true}`.',
      }))
    },
  },
  {
    id: 'shared-folder-not-judged',
    severity: 'note',
    find: ({ images }) =>
      when(images.shared, () => ({
        subject: images.folder ?? bucket,
        breaks: 'Who serves it is not in the topology: while that is away, images can be neither uploaded nor read.',
        fix: 'See to it that it survives the death of any one of its servers.',
      })),
  },
  {
    id: 'guests-beside-control',
    severity: 'note',
    find: (topology) => {
      const compute = hostsRunning(topology, 'nova-compute')
      const shared = compute.filter(({ roles }) => roles.some((role) => role !== 'nova-compute'))
      return when(shared.length > 0, () => ({
        subject: namesOf(shared),
        breaks: 'Guests that are busy take time and memory from what runs the cloud.',
        fix: 'Keep nova-compute to hosts of its own.',
      }))
    },
  },
]
