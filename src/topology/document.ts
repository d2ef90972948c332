import { StartupError } from '../config/startup-error.ts'
import { schemaMistakes, type Mistake } from './document-mistakes.ts'
import { documentRules } from './document-rules.ts'
import { type HostSection, HostSchema, type Section, SectionSchema } from './document-schema.ts'
import type { ControllerSettings, Topology, TopologyHost } from './model.ts'
import { bitsOf } from './networks.ts'

/** What the section does not say itself. */
export interface Surroundings {
  /** The file, as messages name it. */
  readonly file: string
  /** The setting `region`. */
  readonly region: string
  /** Settings beside the section that every controller is to have, by their keys in the file. */
  readonly controllerSettings?: ControllerSettings
}

/** Reads the section `topology` of skykeel.yaml and fills its defaults in. Throws a StartupError that lists every mistake. */
export function topologyFrom(written: unknown, { file, region, controllerSettings = {} }: Surroundings): Topology {
  const ofSection = schemaMistakes(SectionSchema, written, 'topology')
  const hosts = Object.entries(hostsOf(written))
  const ofHosts = hosts.map(([name, host]) => schemaMistakes(HostSchema, host, `topology.hosts.${name}`))
  const sound = hosts.filter((_, index) => ofHosts[index]!.length === 0) as [string, HostSection][]
  const mistakes = [...ofSection, ...ofHosts.flat()]
  if (ofSection.length > 0) throw inOneError(file, mistakes)

  const address = addressOf(written as Section, sound)
  // A host that could not be read may be the balancer.
  if (address === undefined) throw inOneError(file, mistakes.length > 0 ? mistakes : [noAddress])
  // The rules judge the hosts that could be read even when others could not: so all mistakes are told at once.
  const topology = withDefaults(written as Section, { address, region, hosts: sound, bucket: 'image_bucket' in controllerSettings })
  mistakes.push(...documentRules.flatMap((rule) => rule(topology)))
  if (mistakes.length > 0) throw inOneError(file, mistakes)
  return Object.keys(controllerSettings).length > 0 ? { ...topology, controllerSettings } : topology
}

const hostsOf = (written: unknown): Record<string, unknown> => {
  const hosts = (written as { hosts?: unknown } | null | undefined)?.hosts
  return typeof hosts === 'object' && hosts !== null && !Array.isArray(hosts) ? (hosts as Record<string, unknown>) : {}
}

const noAddress: Mistake = {
  place: 'topology.address',
  problem: 'it is missing, and only a cloud with exactly one balancer can do without',
  fix: 'Add the address that floats between the balancers, such as `address: 10.0.0.10`.',
}

// A single balancer has nobody to hand an address to: then its own will do.
function addressOf({ address }: Section, hosts: readonly [string, HostSection][]): string | undefined {
  const balancers = hosts.filter(([, { roles }]) => roles.includes('balancer'))
  return address ?? (balancers.length === 1 ? balancers[0]![1].address : undefined)
}

interface Found {
  readonly address: string
  readonly region: string
  readonly hosts: readonly [string, HostSection][]
  /** The bytes of images are in a bucket, which is everybody's. */
  readonly bucket: boolean
}

function withDefaults(section: Section, { address, region, hosts, bucket }: Found): Topology {
  const { tls = 'none', images = {}, interface: usual = 'eth0' } = section
  return {
    address,
    prefix: section.prefix ?? (bitsOf(address) === 128 ? 64 : 24),
    port: section.port ?? 7770,
    controllerPort: section.controller_port ?? 7771,
    region,
    database: section.database ?? 'patroni',
    queue: section.queue ?? 'rabbitmq',
    tls: typeof tls === 'string' ? { kind: tls } : { kind: 'files', certificate: tls.certificate },
    images: bucket ? { shared: true } : { folder: images.folder ?? '/var/lib/skykeel/images', shared: images.shared ?? false },
    hosts: hosts.map(([name, host]): TopologyHost => ({ ...host, name, interface: host.interface ?? usual })),
  }
}

function inOneError(file: string, mistakes: readonly Mistake[]): StartupError {
  const lines = mistakes.map(({ place, problem }) => `${file}: ${place}: ${problem}`)
  if (mistakes.length === 1) return new StartupError(lines[0]!, mistakes[0]!.fix)
  const told = mistakes.map(({ fix }, index) => `\n  ${lines[index]!}\n    ${fix}`)
  return new StartupError(`There are ${mistakes.length} mistakes in the topology:${told.join('')}`, 'See docs/topology.md.')
}
