export const uuid = '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$'

export const diskFormats = ['ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso', 'ploop', 'gpt', 'luks']
export const containerFormats = ['ami', 'ari', 'aki', 'bare', 'ovf', 'ova', 'docker', 'compressed']

/** A schema of text. */
export const text = (description: string, rest: object = {}) => ({ type: 'string', description, ...rest })
const textOrNull = (description: string, rest: object = {}) => ({ type: ['null', 'string'], description, ...rest })
const shown = { readOnly: true }

// What an image is made of: the document that clients may read, and what their requests are checked by.
const baseProperties = {
  id: text('An identifier for the image', { pattern: uuid }),
  name: textOrNull('Descriptive name for the image', { maxLength: 255 }),
  status: text('Status of the image', {
    ...shown,
    enum: ['queued', 'saving', 'active', 'killed', 'deleted', 'uploading', 'importing', 'pending_delete', 'deactivated'],
  }),
  visibility: text('Scope of image accessibility', { enum: ['community', 'public', 'private', 'shared'] }),
  protected: { type: 'boolean', description: 'If true, image will not be deletable.' },
  os_hidden: { type: 'boolean', description: 'If true, image will not appear in default image list response.' },
  checksum: textOrNull('md5 hash of image contents.', { ...shown, maxLength: 32 }),
  os_hash_algo: textOrNull('Algorithm to calculate the os_hash_value', { ...shown, maxLength: 64 }),
  os_hash_value: textOrNull('Hexdigest of the image contents using the algorithm specified by the os_hash_algo', {
    ...shown,
    maxLength: 128,
  }),
  owner: textOrNull('Owner of the image', { maxLength: 255 }),
  size: { type: ['null', 'integer'], description: 'Size of image file in bytes', ...shown },
  virtual_size: { type: ['null', 'integer'], description: 'Virtual size of image in bytes', ...shown },
  container_format: textOrNull('Format of the container', { enum: [null, ...containerFormats] }),
  disk_format: textOrNull('Format of the disk', { enum: [null, ...diskFormats] }),
  created_at: text('Date and time of image registration', shown),
  updated_at: text('Date and time of the last image modification', shown),
  tags: { type: 'array', description: 'List of strings related to the image', items: { type: 'string', maxLength: 255 } },
  direct_url: text('URL to access the image file kept in external store', shown),
  min_ram: { type: 'integer', description: 'Amount of ram (in MB) required to boot image.' },
  min_disk: { type: 'integer', description: 'Amount of disk space (in GB) required to boot image.' },
  self: text('An image self url', shown),
  file: text('An image file url', shown),
  stores: text('Store in which image data resides.', shown),
  schema: text('An image schema url', shown),
  locations: { type: 'array', items: { type: 'object' }, description: 'A set of URLs to access the image file kept in external store' },
}

// Properties with a meaning of their own; clients may add any others.
const knownProperties = {
  kernel_id: textOrNull('ID of the image that is the kernel of an AMI-style image.', { pattern: uuid, is_base: false }),
  ramdisk_id: textOrNull('ID of the image that is the ramdisk of an AMI-style image.', { pattern: uuid, is_base: false }),
  instance_uuid: text('The instance that this image was made of.', { is_base: false }),
  architecture: text('Operating system architecture', { is_base: false }),
  os_distro: text('Common name of operating system distribution', { is_base: false }),
  os_version: text('Operating system version as specified by the distributor.', { is_base: false }),
  description: text('A human-readable string describing this image.', { is_base: false }),
  cinder_encryption_key_id: text('Identifier of the encryption key of a volume made from this image', { is_base: false }),
  cinder_encryption_key_deletion_policy: text('Whether that key is deleted with the image', {
    enum: ['on_image_deletion', 'do_not_delete'],
    is_base: false,
  }),
}

export const imageSchema = {
  name: 'image',
  properties: { ...baseProperties, ...knownProperties },
  additionalProperties: { type: 'string' },
  links: [
    { rel: 'self', href: '{self}' },
    { rel: 'enclosure', href: '{file}' },
    { rel: 'describedby', href: '{schema}' },
  ],
}
