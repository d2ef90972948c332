import type { NewFlavor } from './store.ts'

const flavor = (id: string, name: string, memoryMb: number, vcpus: number, diskGb: number): NewFlavor => ({
  id,
  name,
  description: null,
  vcpus,
  memoryMb,
  diskGb,
  ephemeralGb: 0,
  swapMb: 0,
  rxtxFactor: 1,
  isPublic: true,
})

/** The flavors of a DevStack, ids included. */
export const devstackFlavors: readonly NewFlavor[] = [
  flavor('1', 'm1.tiny', 512, 1, 1),
  flavor('2', 'm1.small', 2048, 1, 20),
  flavor('3', 'm1.medium', 4096, 2, 40),
  flavor('4', 'm1.large', 8192, 4, 80),
  flavor('5', 'm1.xlarge', 16_384, 8, 160),
  flavor('42', 'm1.nano', 128, 1, 1),
  flavor('84', 'm1.micro', 192, 1, 1),
  flavor('c1', 'cirros256', 256, 1, 1),
  flavor('d1', 'ds512M', 512, 1, 5),
  flavor('d2', 'ds1G', 1024, 1, 10),
  flavor('d3', 'ds2G', 2048, 2, 10),
  flavor('d4', 'ds4G', 4096, 4, 20),
]
