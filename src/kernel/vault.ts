import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** Seals what must not be readable in the database: keys, stored answers, credentials. */
export interface Vault {
  seal(plain: Buffer | string): Buffer
  /** Throws when the box was not sealed by the same secret. */
  open(box: Buffer): Buffer
  /** A digest of these parts, hexadecimal, that tells nothing to those who lack the secret. */
  digest(parts: readonly (string | Buffer)[]): string
}

const ivBytes = 12
const tagBytes = 16

/** Opens the vault of a cloud. `secret` is the one secret that its controllers share, at least 32 characters. */
export function openVault(secret: string): Vault {
  if (secret.length < 32) throw new Error('the cloud secret must have at least 32 characters')
  const key = Buffer.from(hkdfSync('sha256', secret, 'skykeel', 'vault', 32))
  const digestKey = Buffer.from(hkdfSync('sha256', secret, 'skykeel', 'digest', 32))
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
    digest(parts) {
      const hmac = createHmac('sha256', digestKey)
      // The lengths keep "a", "bc" apart from "ab", "c".
      for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:`).update(part as never)
      return hmac.digest('hex')
    },
  }
}
