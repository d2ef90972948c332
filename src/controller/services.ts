import { glance } from '../glance/app.ts'
import { downloadsFrom, openImageStore } from '../glance/contract.ts'
import { keystone } from '../keystone/app.ts'
import { neutron } from '../neutron/app.ts'
import { nova } from '../nova/app.ts'
import { placement } from '../placement/app.ts'
import type { Compliance } from '../keystone/contract.ts'
import type { Service } from '../cloud/service.ts'

/** What the services need to know of the place that they run in. */
export interface ServiceOptions {
  /** Where all instances keep the bytes of images: a folder's path, or the URL of a bucket. */
  readonly images: string
  /** Networks that are not public, and that images may be downloaded from all the same: 10.0.0.0/8. */
  readonly imageNetworks?: readonly string[]
  /** The largest image, in bytes; a terabyte unless said otherwise. */
  readonly imageSizeCap?: number
  /** The region that the catalog names. */
  readonly region: string
  /** What the cloud asks of passwords and accounts; nothing unless said otherwise. */
  readonly compliance?: Compliance
}

/** Every service with an API, by its role's name: one line each. */
export const servicesOf = ({ images, imageNetworks = [], imageSizeCap, compliance }: ServiceOptions): readonly Service[] => [
  keystone(compliance && { compliance }),
  glance({
    store: openImageStore(images),
    downloads: downloadsFrom(imageNetworks),
    ...(imageSizeCap !== undefined && { maxImageBytes: imageSizeCap }),
  }),
  placement,
  neutron,
  nova,
]
