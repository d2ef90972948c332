import { hostsWith } from '../model.ts'
import { closed, type RenderPart, script, unitOf } from './part.ts'
import { patroniConfig } from './patroni-config.ts'
import { ports } from './ports.ts'

/** PostgreSQL in the care of Patroni. */
export const patroni: RenderPart = (topology, host, rendering) => {
  if (topology.database !== 'patroni' || !hostsWith(topology, 'database').includes(host)) return undefined
  const { layout, secretOf } = rendering
  const [file, account, makeAccount, watchRoom] = ['patroni.yaml', 'account.sql', 'make-account', 'watch-room'].map(
    (name) => `${layout.etc}/patroni/${name}`,
  ) as [string, string, string, string]
  return {
    files: [
      closed(file, 'postgres', patroniConfig(topology, host, { rendering, makeAccount })),
      closed(account, 'postgres', accountSql(secretOf('database'))),
      script(makeAccount, accountScript(account)),
      script(watchRoom, roomScript(`${layout.lib}/patroni`)),
    ],
    units: [
      unitOf({
        name: 'patroni',
        description: 'PostgreSQL, and Patroni which chooses the primary',
        after: ['etcd'],
        leavesChildren: true,
        user: 'postgres',
        command: ['/usr/bin/patroni', file],
        // Patroni stops PostgreSQL in order, and tells the others.
        stopSeconds: 60,
        folders: [`${layout.lib}/patroni`, `${layout.run}/patroni`],
        ports: [
          { port: ports.postgresql, protocol: 'tcp', openTo: 'peers', why: 'SQL and replication' },
          { port: ports.patroni, protocol: 'tcp', openTo: 'peers', why: 'whether this node is the primary' },
        ],
      }),
      unitOf({
        name: 'patroni-room',
        description: 'Ends a primary whose disk is full, so that another takes over',
        after: ['patroni'],
        user: 'postgres',
        command: [watchRoom],
        stopSeconds: 5,
      }),
    ],
  }
}

const neededMb = 16

/** A primary on a full disk refuses every change and lives on, and Patroni does not look. When it ends, a standby that has all takes over at once. */
const roomScript = (folder: string): string => `#!/bin/bash
# Written by skykeel from the topology. Ends PostgreSQL where it is the primary and has no room left; Patroni does the rest.
while sleep 1; do
  { read -r _ && read -r free; } < <(exec df --output=avail --block-size=1MB ${folder})
  [ "$free" -ge ${neededMb} ] && continue
  [ -e ${folder}/data/standby.signal ] && continue
  # While it recovers alone, or after its death, the file names something else.
  read -r pid 2>/dev/null <${folder}/data/postmaster.pid && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ] || continue
  echo "$free MB are free: the primary ends"
  kill -9 "$pid"
done
`

const accountSql = (password: string): string => `-- Written by skykeel. Run once, when the cluster is made.
CREATE ROLE skykeel LOGIN PASSWORD '${password}';
CREATE DATABASE skykeel OWNER skykeel;
`

const accountScript = (sql: string): string => `#!/bin/sh
# Run by Patroni once, on the first primary; $1 is where to connect.
# The password is in a file, because everybody on the host can read command lines.
exec /usr/lib/postgresql/15/bin/psql "$1" --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file ${sql}
`
