import type { GuestSpec } from './driver.ts'

/** How much of a console is kept, in characters. */
const maxLength = 16_384

/** What a small Linux writes while it boots for the `boot`th time. */
export function bootText(guest: Pick<GuestSpec, 'id' | 'name' | 'vcpus' | 'memoryMb' | 'diskGb'>, boot: number): string {
  const hostname = guest.name.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-') || 'guest'
  return [
    `[    0.000000] Linux version 5.3.0-26-generic (sim@skykeel) #28 SMP (boot ${boot})`,
    '[    0.000000] Command line: LABEL=cirros-rootfs ro console=tty1 console=ttyS0',
    `[    0.000000] Memory: ${guest.memoryMb * 1024}K available`,
    `[    0.062104] smp: Brought up 1 node, ${guest.vcpus} CPU${guest.vcpus === 1 ? '' : 's'}`,
    `[    0.518220] virtio_blk virtio1: [vda] ${guest.diskGb * 2_097_152} 512-byte logical blocks (${guest.diskGb} GiB)`,
    '[    0.911873] EXT4-fs (vda1): mounted filesystem with ordered data mode',
    'info: initramfs: up at 1.02',
    'info: /etc/init.d/rc.sysinit: up at 1.41',
    'Starting network: udhcpc: lease obtained',
    'checking http://169.254.169.254/2009-04-04/instance-id',
    `successful after 1/20 tries: up 2.07. iid=${guest.id}`,
    'Starting dropbear sshd: OK',
    '',
    '  ____               ____  ____',
    ' / __/ __ ____ ____ / __ \\/ __/',
    '/ /__ / // __// __// /_/ /\\ \\ ',
    '\\___//_//_/  /_/   \\____/___/ ',
    '   a simulated guest',
    '',
    `${hostname} login: `,
  ].join('\n')
}

/** Adds to a console; the oldest output goes first. */
export const appended = (console: string, text: string): string => `${console}${console && '\n'}${text}`.slice(-maxLength)
