import type { Unit } from '../unit.ts'

/** What systemd calls a unit: apart from what Debian's packages bring. */
export const serviceOf = (name: string): string => `skykeel-${name}.service`

// Programs that never make code while they run. Node, Erlang, PostgreSQL, and the patterns of HAProxy and MariaDB do.
const withoutNewCode = new Set(['etcd', 'keepalived', 'epmd', 'garbd'])

/** A unit file: it always runs, as its own user, and can touch nothing but its own folders. */
export function unitFile(unit: Unit): string {
  const { description, after, user, before, command, environment, capabilities, folders } = unit
  const lines = (...list: (string | false)[]): string => list.filter((line) => line !== false).join('\n')
  return `# Written by skykeel from the topology. Change that instead of this file.
${lines(
  '[Unit]',
  `Description=${literal(description)}`,
  'Wants=network-online.target',
  `After=${['network-online.target', ...after.map(serviceOf)].join(' ')}`,
  folders.length > 0 && `RequiresMountsFor=${folders.join(' ')}`,
  '# However often it fails, it is started again.',
  'StartLimitIntervalSec=0',
  '',
  '[Service]',
  'Type=exec',
  `User=${user}`,
  ...Object.entries(environment).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
  ...before.map((line) => `ExecStartPre=${line.map(word).join(' ')}`),
  `ExecStart=${command.map(word).join(' ')}`,
  'Restart=always',
  `RestartSec=${unit.restartSeconds}`,
  '# What runs before may have to wait for other hosts.',
  'TimeoutStartSec=infinity',
  `TimeoutStopSec=${unit.stopSeconds}`,
  `KillSignal=${unit.stopSignal}`,
  unit.leavesChildren
    ? '# Its children live on when it dies; its next life takes them over.'
    : '# What is left of it after that is killed.',
  `KillMode=${unit.leavesChildren ? 'process' : 'mixed'}`,
  'LimitNOFILE=65536',
  'UMask=0027',
  '',
  ...sandbox(unit),
  folders.length > 0 && `ReadWritePaths=${folders.join(' ')}`,
  `CapabilityBoundingSet=${capabilities.join(' ')}`,
  user !== 'root' && capabilities.length > 0 && `AmbientCapabilities=${capabilities.join(' ')}`,
  '',
  '[Install]',
  'WantedBy=multi-user.target',
)}
`
}

const sandbox = ({ name }: Unit): string[] => [
  'NoNewPrivileges=yes',
  '# All files are read-only but these.',
  'ProtectSystem=strict',
  'ProtectHome=yes',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectControlGroups=yes',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'SystemCallArchitectures=native',
  `RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK${name === 'keepalived' ? ' AF_PACKET' : ''}`,
  ...(withoutNewCode.has(name) ? ['MemoryDenyWriteExecute=yes'] : []),
]

// systemd reads % as the begin of a specifier, and in commands $ as a variable.
const literal = (text: string): string => text.replaceAll('%', '%%')
const quoted = (text: string): string => `"${literal(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
const word = (text: string): string => (/^[\w@/.:,=+-]+$/.test(text) ? text : quoted(text).replaceAll('$', '$$$$'))
