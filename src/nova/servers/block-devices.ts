import { invalid } from '../../kernel/errors.ts'
import type { BlockDeviceBody, CreateServerBody } from './schema.ts'

/**
 * The image that a server boots from. Of block devices only the one that says the same is possible: this image, copied to a local
 * root disk. There are no volumes. Throws `invalid` for everything else.
 */
export function imageIdOf({
  imageRef = '',
  block_device_mapping: old = [],
  block_device_mapping_v2: devices = [],
}: CreateServerBody): string {
  if (old.length > 0) throw invalid('Block Device Mapping is Invalid: volumes are not supported in this cloud.')
  const other = devices.find((device) => !isLocalRoot(device))
  if (other)
    throw invalid(
      `Block Device Mapping is Invalid: only an image on a local root disk is supported in this cloud, not source_type ${other.source_type ?? 'none'}.`,
    )
  if (devices.length > 1)
    throw invalid(
      'Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid.',
    )
  const named = devices[0]?.uuid
  if (named && imageRef && named !== imageRef) throw invalid('Block Device Mapping is Invalid: You specified more than one root image.')
  const imageId = imageRef || named
  if (!imageId) throw invalid('Missing imageRef attribute')
  return imageId
}

const isLocalRoot = (device: BlockDeviceBody): boolean =>
  device.source_type === 'image' &&
  (device.destination_type ?? 'local') === 'local' &&
  device.uuid !== undefined &&
  Number(device.boot_index ?? 0) === 0
