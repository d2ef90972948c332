import type { Topology } from '../model.ts'
import type { HostPlan, RenderedFile, Unit } from '../unit.ts'
import { firewall } from './firewall.ts'
import { planHost } from './host.ts'
import { installScript } from './install-script.ts'
import { open, type Rendering } from './part.ts'
import { sysctlFile } from './sysctl.ts'
import { systemLayout } from './system-layout.ts'
import { serviceOf, unitFile } from './systemd.ts'

/** What a machine with systemd is given: the host's plan, and what makes the plan run there. */
export interface MachinePlan extends HostPlan {
  /** A script that puts all files where they belong and starts the units. It runs beside the tree of files. */
  readonly install: string
}

const firewallPath = `${systemLayout.etc}/firewall.nft`

/** Everything for one real machine: the plan of the host in the places of a system, units of systemd, sysctl, users, folders, firewall. */
export function planMachine(topology: Topology, hostName: string, rendering: Omit<Rendering, 'layout'>): MachinePlan {
  const plan = planHost(topology, hostName, { ...rendering, layout: systemLayout })
  const host = topology.hosts.find(({ name }) => name === hostName)!
  const { units } = plan
  const services = [...units.map(({ name }) => name), 'firewall'].map(serviceOf)
  const files: RenderedFile[] = [
    ...plan.files,
    ...units.map((unit) => open(`/etc/systemd/system/${serviceOf(unit.name)}`, unitFile(unit))),
    open('/etc/sysctl.d/60-skykeel.conf', sysctlFile(topology, host)),
    open('/etc/sysusers.d/skykeel.conf', '# Written by skykeel.\nu skykeel - "Skykeel" - -\n'),
    open('/etc/tmpfiles.d/skykeel.conf', foldersFile(units)),
    open(firewallPath, firewall(topology, units)),
    open(`/etc/systemd/system/${serviceOf('firewall')}`, firewallUnit),
  ]
  return { ...plan, files, install: installScript(topology, host, { units, files, services }) }
}

// Each user has a group of the same name. systemd makes these at each start of the machine, so that those below /run are there again.
function foldersFile(units: readonly Unit[]): string {
  const { lib, run, log } = systemLayout
  const own = units.flatMap(({ folders, user }) => folders.map((folder) => `d ${folder} 0750 ${user} ${user} -`))
  return ['# Written by skykeel from the topology.', ...[lib, run, log].map((folder) => `d ${folder} 0755 root root -`), ...own, ''].join(
    '\n',
  )
}

const firewallUnit = `# Written by skykeel.
[Unit]
Description=Close the ports of the cloud to all who have no business there
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target shutdown.target
Conflicts=shutdown.target
After=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f ${firewallPath}
ExecReload=/usr/sbin/nft -f ${firewallPath}
ExecStop=/usr/sbin/nft delete table inet skykeel

[Install]
WantedBy=multi-user.target
`
