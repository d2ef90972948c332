import { readDocument, type Loaded } from './load.ts'
import { StartupError } from './startup-error.ts'
import { complianceSettings, keyOf } from './settings.ts'
import type { ControllerSettings, Topology } from '../topology/model.ts'

/** The topology that the configuration file describes. Throws a StartupError when there is no file, no such section, or a mistake in it. */
export async function readTopology(loaded: Loaded): Promise<Topology> {
  const { file, config } = loaded
  if (file === undefined)
    throw new StartupError(
      `There is no configuration file: neither --config nor ${config.stateDir}/skykeel.yaml`,
      'Give --config FILE with a file that has a section `topology`; docs/topology.md shows one.',
    )
  const { topology } = await readDocument(file)
  if (topology === undefined)
    throw new StartupError(`${file} has no section \`topology\``, 'Add one that names the hosts of the cloud; docs/topology.md shows one.')
  // A cloud on one machine has no such section: then none of this is loaded.
  const { topologyFrom } = await import('../topology/document.ts')
  return topologyFrom(topology, { file, region: config.region, controllerSettings: controllerSettings(loaded) })
}

/** What somebody said of accounts and of a bucket for images: it must hold on every controller. */
function controllerSettings({ config, sources }: Loaded): ControllerSettings {
  const said = [...complianceSettings, 'imageBucket' as const].filter((name) => sources[name] !== undefined)
  return Object.fromEntries(said.map((name) => [keyOf(name), config[name]!]))
}
