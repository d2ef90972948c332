import type { Bytes } from './bytes.ts'

/** What a file is by its content; `raw` is whatever has no form of its own, `gpt` a disk with a table of partitions. */
export type ContentFormat = 'raw' | 'gpt' | 'iso' | 'luks' | 'qcow2' | 'qed' | 'vdi' | 'vhd' | 'vhdx' | 'vmdk'

/** What the content of a file says of the disk inside. */
export interface DiskFacts {
  readonly format: ContentFormat
  /** What a guest would see; undefined where only the file's own size tells. */
  readonly virtualSizeBytes: number | undefined
  /** Why it must not be used as what it is: what else it would make its user read, or what nobody can vouch for. */
  readonly dangers: readonly string[]
}

/** A kind of file: how it is recognised, and what there is to know of it. */
export interface KnownFormat {
  readonly name: ContentFormat
  recognises(bytes: Bytes): Promise<boolean>
  inspect(bytes: Bytes): Promise<Omit<DiskFacts, 'format'>>
}

/** Those of the reasons that hold. */
export const holding = (reasons: Readonly<Record<string, boolean>>): string[] => Object.keys(reasons).filter((reason) => reasons[reason])
