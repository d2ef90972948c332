import { unsupportedMedia } from '../../kernel/errors.ts'
import type { ContentFormat, DiskFacts } from './disk-facts.ts'

/** What an image of each disk format may hold. Formats that are not here have no form that could be looked for. */
const allowed: Readonly<Record<string, readonly ContentFormat[]>> = {
  raw: ['raw', 'gpt'],
  gpt: ['gpt'],
  iso: ['iso'],
  luks: ['luks'],
  qcow2: ['qcow2'],
  vdi: ['vdi'],
  vhd: ['vhd'],
  vhdx: ['vhdx'],
  vmdk: ['vmdk'],
}

interface Declared {
  readonly disk_format: string | null
  readonly container_format: string | null
}

/**
 * Refuses bytes that are not what the image says they are, and disks that would make their user read other files.
 * A disk inside of another container can't be looked at.
 */
export function assertFormat({ disk_format: declared, container_format: container }: Declared, { format, dangers }: DiskFacts): void {
  const formats = container === 'bare' ? allowed[declared ?? ''] : undefined
  if (!formats) return
  if (!formats.includes(format)) throw unsupportedMedia(`Image content does not match disk_format: it is ${format}, not ${declared}.`)
  if (dangers.length > 0) throw unsupportedMedia(`Image content does not pass the safety check: ${dangers.join(', ')}.`)
}
