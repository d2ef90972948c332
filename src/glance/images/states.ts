/**
 * `queued`: a record without bytes. `uploading`: bytes are staged for import. `importing`: an import
 * was accepted and gets them. `active`: bytes are there.
 * `deactivated`: an operator or owner keeps the bytes from being used. `killed`: its bytes will never come.
 * There is no state for "an upload runs": the upload that ends first makes the image active, and one whose
 * instance died has changed nothing.
 */
export type ImageStatus = 'queued' | 'uploading' | 'importing' | 'active' | 'deactivated' | 'killed' | 'deleted'

/** Whether the image shows size and checksum, and has bytes to give. */
export const hasData = (status: ImageStatus): boolean => status === 'active' || status === 'deactivated'
