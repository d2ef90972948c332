/** What images a project has. */
export interface Usage {
  readonly images: number
  /** Those that are staged or being imported. */
  readonly pending: number
  /** The sizes of those that are not pending, in bytes. */
  readonly bytes: number
  readonly stagedBytes: number
}

const mebibytes = (bytes: number): number => Math.floor(bytes / 2 ** 20)

/** What keystone's limits may be about, as glance names it, and how much of it a project uses: images, or whole MiB. */
export const measures = {
  image_size_total: ({ bytes }: Usage) => mebibytes(bytes),
  image_stage_total: ({ stagedBytes }: Usage) => mebibytes(stagedBytes),
  image_count_total: ({ images }: Usage) => images,
  image_count_uploading: ({ pending }: Usage) => pending,
} as const

export type QuotaResource = keyof typeof measures
export const quotaResources = Object.keys(measures) as QuotaResource[]

/** So much of some resources. */
export type Amounts = Readonly<Partial<Record<QuotaResource, number>>>
