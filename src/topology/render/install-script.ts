import type { Topology, TopologyHost } from '../model.ts'
import type { RenderedFile, Unit } from '../unit.ts'
import { debianNeeds } from './packages.ts'
import { certificateOf } from './haproxy.ts'
import { systemLayout } from './system-layout.ts'

interface Installed {
  readonly units: readonly Unit[]
  readonly files: readonly RenderedFile[]
  readonly services: readonly string[]
}

/** A script for root of one machine. It can be repeated: what is the same stays, and a unit is restarted by hand, host by host. */
export function installScript(topology: Topology, host: TopologyHost, { units, files, services }: Installed): string {
  const { packages, services: inTheWay } = debianNeeds(units)
  const certificate = topology.tls.kind === 'private' && host.roles.includes('balancer')
  const put = ({ path, mode, owner = 'root' }: RenderedFile) => `put ${mode.toString(8).padStart(4, '0')} ${owner} ${path}`
  return `#!/bin/sh
# Written by skykeel from the topology: sets up ${host.name}. Run it there as root, from the folder that skykeel has written.
# Needs Debian 12 with: ${packages.join(' ')}; and ${systemLayout.skykeel}.
set -eu
cd "$(dirname "$0")"

# What Debian's packages start by themselves would be in the way.
for service in ${inTheWay.join(' ')}; do
  systemctl disable --quiet --now "$service" 2>/dev/null || true
done

changed=
put() {
  cmp -s ".$3" "$3" || changed="$changed $3"
  install -D -m "$1" -o "$2" -g "$2" ".$3" "$3"
}
${files
  .filter(({ path }) => path.startsWith('/etc/sysusers.d/'))
  .map(put)
  .join('\n')}
systemd-sysusers
${files
  .filter(({ path }) => path.startsWith('/etc/tmpfiles.d/'))
  .map(put)
  .join('\n')}
systemd-tmpfiles --create /etc/tmpfiles.d/skykeel.conf
${files
  .filter(({ path }) => !/^\/etc\/(sysusers|tmpfiles)\.d\//.test(path))
  .map(put)
  .join('\n')}
${certificate ? `install -D -m 0640 -o root -g haproxy ../tls/front.pem ${certificateOf(topology, { layout: systemLayout })}\n` : ''}
sysctl --quiet --system
systemctl daemon-reload
systemctl enable --quiet ${services.join(' ')}
systemctl start --no-block ${services.join(' ')}
if [ -n "$changed" ]; then printf 'New or changed: %s\\n' $changed; fi
echo "A unit that ran before takes its new files after: systemctl restart UNIT. One host at a time."
`
}
