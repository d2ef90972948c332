import { existsSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../kernel/clock.ts'
import { run } from './command.ts'
import type { Namespace } from './namespace.ts'

/**
 * What a host keeps lies on a disk of its own: a file with ext4 in it, mounted where only the host's processes see it. So the kernel gives
 * mount and loop device back when the last of them ends, and the data stay in the file.
 */
export interface Disk {
  /** Makes it, if it is not there yet, and mounts it on a machine. */
  mount(machine: Namespace): Promise<void>
  /** Leaves no byte free, and takes each that is given back, until `empty`. */
  fill(machine: Namespace): Promise<void>
  /** Takes away what filled it. Its machine may be off. */
  empty(): Promise<void>
  isFull(): boolean
}

// Sparse. RabbitMQ wants half a gigabyte of it free, and the log of PostgreSQL may take more than one.
const sizeBytes = 4 * 1024 ** 3
const fillAgainMs = 200
const mkfs = '/usr/sbin/mkfs.ext4'

/** Whether this machine can make disks: some containers have no loop devices. */
export const canMakeDisks = async (): Promise<boolean> =>
  existsSync(mkfs) &&
  run(['losetup', '--find']).then(
    () => true,
    () => false,
  )

/** The disk in `file`, for a host that has it mounted on the folder `at`. */
export function openDisk({ file, at }: { file: string; at: string }): Disk {
  let filling: { stop: AbortController; ended: Promise<void>; ballast: string } | undefined

  async function fillAgain(ballast: string, stop: AbortSignal) {
    while (!stop.aborted) {
      await takeAll(ballast)
      await systemClock.sleep(fillAgainMs, stop).catch(() => {})
    }
  }
  return {
    isFull: () => filling !== undefined,
    async mount(machine) {
      if (!existsSync(file)) await make(file)
      await run([...machine.enter, 'mount', '-o', 'loop,noatime', file, at])
      rmSync(ballastOn(machine, at), { force: true })
    },
    async fill(machine) {
      if (filling) return
      const [ballast, stop] = [ballastOn(machine, at), new AbortController()]
      await takeAll(ballast)
      filling = { stop, ballast, ended: fillAgain(ballast, stop.signal) }
    },
    async empty() {
      filling?.stop.abort()
      await filling?.ended
      if (filling) rmSync(filling.ballast, { force: true })
      filling = undefined
    },
  }
}

const ballastOn = (machine: Namespace, at: string): string => machine.path(join(at, 'ballast'))

// It takes what there is, and then complains that it was not as much as that.
const takeAll = (ballast: string): Promise<unknown> => run(['fallocate', '--length', '1T', ballast]).catch(() => {})

async function make(file: string) {
  writeFileSync(`${file}.new`, '', { mode: 0o600 })
  truncateSync(`${file}.new`, sizeBytes)
  // Nothing is kept back for root, who would not notice otherwise that it is full.
  await run([mkfs, '-q', '-F', '-m', '0', `${file}.new`])
  renameSync(`${file}.new`, file)
}
