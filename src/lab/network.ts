import { networkInterfaces } from 'node:os'
import { StartupError } from '../config/startup-error.ts'
import { run } from './command.ts'
import type { Namespace } from './namespace.ts'

/** The network of one lab: 10.77.N.0/24, with a switch in a namespace of its own, so that nothing of it outlives the lab. */
export interface LabNetwork {
  /** Connects a machine. */
  plug(machine: Namespace, options: { name: string; address: string }): Promise<void>
  /** Lets nothing through to it (`in`), from it (`out`), or both. What runs on the machine talks on with itself. */
  cut(machine: Namespace, direction: Direction): Promise<void>
  /** Makes its line slow: so many kilobits a second. */
  slow(machine: Namespace, kilobits: number): Promise<void>
  heal(machine: Namespace): Promise<void>
}

export type Direction = 'in' | 'out' | 'both'

const prefix = 24
/** Of a machine's one line. */
export const port = 'eth0'

/** The third number of a subnet that nothing on this machine uses. Throws a StartupError when all are taken. */
export function freeSubnet(): number {
  const used = Object.values(networkInterfaces())
    .flat()
    .map((one) => one?.address ?? '')
  for (let number = 1; number < 255; number++) if (!used.some((address) => address.startsWith(`10.77.${number}.`))) return number
  throw new StartupError('All subnets of labs, 10.77.1.0/24 to 10.77.254.0/24, are in use', 'End a lab by `skykeel lab down`.')
}

/** An address in a lab's subnet. */
export const addressIn = (subnet: number, host: number): string => `10.77.${subnet}.${host}`

// A network card keeps its number when its machine is switched off and on; its peers remember it.
const macOf = (address: string): string =>
  ['02', '00', ...address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))].join(':')

/** Makes the switch, and a line from this machine to it: `gateway` is this machine's address there. */
export async function openNetwork(theSwitch: Namespace, { subnet }: { subnet: number }): Promise<LabNetwork> {
  const inSwitch = (...command: string[]) => run([...theSwitch.enter, ...command])
  await inSwitch('ip', 'link', 'add', 'lab', 'type', 'bridge')
  await inSwitch('ip', 'link', 'set', 'lab', 'up')
  const line = `skylab${subnet}`
  await run(['ip', 'link', 'add', line, 'type', 'veth', 'peer', 'name', 'outside', 'netns', String(theSwitch.pid)])
  await run(['ip', 'addr', 'add', `${addressIn(subnet, 1)}/${prefix}`, 'dev', line])
  await run(['ip', 'link', 'set', line, 'up'])
  await inSwitch('ip', 'link', 'set', 'outside', 'master', 'lab', 'up')

  return {
    async plug(machine, { name, address }) {
      const on = (...command: string[]) => run([...machine.enter, ...command])
      // What is left of a machine that was switched off goes by itself, but not at once.
      await inSwitch('ip', 'link', 'del', name).catch(() => {})
      const card = ['name', port, 'address', macOf(address), 'netns', String(machine.pid)]
      await run(['nsenter', '--target', String(theSwitch.pid), '--net', '--', 'ip', 'link', 'add', name, 'type', 'veth', 'peer', ...card])
      await inSwitch('ip', 'link', 'set', name, 'master', 'lab', 'up')
      await on('ip', 'addr', 'add', `${address}/${prefix}`, 'dev', port)
      await on('ip', 'link', 'set', port, 'up')
      // A new owner of the floating address may listen on it before it has it.
      await on('sysctl', '-qw', 'net.ipv4.ip_nonlocal_bind=1', 'net.ipv4.tcp_retries2=6')
    },
    async cut(machine, direction) {
      const chain = (name: string, hook: string, way: string) =>
        `chain ${name} {\n type filter hook ${hook} priority -300\n ${way} ${port} drop\n}\n`
      const rules = [
        direction === 'out' ? '' : chain('in', 'input', 'iifname'),
        direction === 'in' ? '' : chain('out', 'output', 'oifname'),
      ].join('')
      // ARP passes inet tables by; a machine that is cut off must not even answer that.
      const arp = direction === 'both' ? `table arp cut {\n${chain('in', 'input', 'iifname')}}\n` : ''
      await run([...machine.enter, 'nft', `table inet cut {\n${rules}}\n${arp}`])
    },
    async slow(machine, kilobits) {
      const shape = ['tc', 'qdisc', 'replace', 'dev', port, 'root', 'tbf', 'rate', `${kilobits}kbit`, 'burst', '4kb', 'latency', '500ms']
      await run([...machine.enter, ...shape])
    },
    async heal(machine) {
      for (const table of ['inet', 'arp']) await run([...machine.enter, 'nft', 'delete', 'table', table, 'cut']).catch(() => {})
      await run([...machine.enter, 'tc', 'qdisc', 'del', 'dev', port, 'root']).catch(() => {})
    },
  }
}
