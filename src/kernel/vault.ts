import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Seals what must not be readable in the database: keys, stored answers, credentials. */
export interface Vault {
  seal(plain: Buffer | string): Buffer
  /** Throws when the box was not sealed by the same secret. */
  open(box: Buffer): Buffer
}

const ivBytes = 12
const tagBytes = 16

/** Opens the vault of a cloud. `secret` is the one secret that its controllers share, at least 32 characters. */
export function openVault(secret: string): Vault {
  if (secret.length < 32) throw new Error('the cloud secret must have at least 32 characters')
  const key = Buffer.from(hkdfSync('sha256', secret, 'skykeel', 'vault', 32))
  return {
    seal(plain) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      return Buffer.concat([iv, cipher.update(plain as never), cipher.final(), cipher.getAuthTag()])
    },
    open(box) {
      const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, ivBytes))
      decipher.setAuthTag(box.subarray(box.length - tagBytes))
      return Buffer.concat([decipher.update(box.subarray(ivBytes, box.length - tagBytes)), decipher.final()])
    },
  }
}
