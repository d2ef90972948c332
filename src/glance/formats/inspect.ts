import { vhd, vhdx } from './microsoft.ts'
import { gpt, iso, luks, vdi } from './other-disks.ts'
import { qcow2, qed } from './qcow2.ts'
import { vmdk } from './vmdk.ts'
import type { Bytes } from './bytes.ts'
import type { DiskFacts } from './disk-facts.ts'

const formats = [qcow2, qed, vmdk, vhd, vhdx, vdi, luks, iso, gpt]

/** Looks at a finished file: a few reads, whatever its size. Whatever is no disk of a known kind is raw. */
export async function inspectDisk(bytes: Bytes): Promise<DiskFacts> {
  const verdicts = await Promise.all(formats.map(async (format) => ((await format.recognises(bytes)) ? format : undefined)))
  const found = verdicts.filter((format) => format !== undefined)
  const [first] = found
  if (!first) return { format: 'raw', virtualSizeBytes: undefined, dangers: [] }
  const facts = { format: first.name, ...(await first.inspect(bytes)) }
  // Discs that can also be written to a stick have partitions too. Any other file that is two things at once wants to deceive somebody.
  const rest = found.slice(1).filter((other) => !(first === iso && other === gpt))
  return rest.length === 0 ? facts : { ...facts, dangers: [...facts.dangers, `it is ${rest[0]!.name} as well`] }
}
