import { hostsWith, type HostRole, type Topology } from '../model.ts'
import { services, type ServiceEntry } from '../services.ts'
import { idOf } from './instances.ts'
import { addressAnswers, all, databaseWorks, imageBytesFound, played, type Predicate, someHypervisor } from './predicates.ts'

/** Something that the cloud can do, and when. */
export interface Capability {
  readonly id: string
  /** A few words: what can be done. */
  readonly title: string
  readonly holds: Predicate
  /** The host whose own it is; absent for what the whole cloud can do. */
  readonly host?: string
}

const apis = (services as readonly ServiceEntry[]).filter(({ api }) => api).map(({ name }) => name as HostRole)
const apisAnswer = all(addressAnswers, databaseWorks, played(...apis))
// Without the queue hosts fetch their orders from controllers.
const ordersTravel = all(databaseWorks, played('nova-conductor'))

const ofTheCloud: readonly Capability[] = [
  { id: 'address', title: 'the address answers', holds: addressAnswers },
  { id: 'database', title: 'state can be read and changed', holds: databaseWorks },
  { id: 'api', title: 'the APIs serve', holds: apisAnswer },
  { id: 'orders', title: 'orders reach hosts', holds: ordersTravel },
  { id: 'building', title: 'new servers get built', holds: all(apisAnswer, ordersTravel, played('nova-scheduler'), someHypervisor) },
  { id: 'images', title: 'bytes of images come and go', holds: all(apisAnswer, imageBytesFound) },
]

const ofHost = (host: string): readonly Capability[] => [
  { id: `agent:${host}`, title: `${host} carries out orders`, host, holds: (_, living) => living.has(idOf(host, 'nova-compute')) },
  { id: `guests:${host}`, title: `guests on ${host} run`, host, holds: (_, living) => living.has(idOf(host, 'guests')) },
]

/** What this cloud can do when nothing is dead, and what it would if it were whole. */
export const capabilitiesOf = (topology: Topology): readonly Capability[] => [
  ...ofTheCloud,
  ...hostsWith(topology, 'nova-compute').flatMap(({ name }) => ofHost(name)),
]
