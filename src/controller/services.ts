import { glance } from '../glance/app.ts'
import { openImageStore } from '../glance/contract.ts'
import { keystone } from '../keystone/app.ts'
import { neutron } from '../neutron/app.ts'
import { nova } from '../nova/app.ts'
import { placement } from '../placement/app.ts'
import type { Compliance } from '../keystone/contract.ts'
import type { Service } from '../cloud/service.ts'

/** What the services need to know of the place that they run in. */
export interface ServiceOptions {
  /** The folder that all instances share for the bytes of images. */
  readonly imageFolder: string
  /** The region that the catalog names. */
  readonly region: string
  /** What the cloud asks of passwords and accounts; nothing unless said otherwise. */
  readonly compliance?: Compliance
}

/** Every service with an API, by its role's name: one line each. */
export const servicesOf = ({ imageFolder, compliance }: ServiceOptions): readonly Service[] => [
  keystone(compliance && { compliance }),
  glance({ store: openImageStore(imageFolder) }),
  placement,
  neutron,
  nova,
]
