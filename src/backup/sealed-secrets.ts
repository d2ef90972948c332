import { createCipheriv, createDecipheriv, scryptSync } from 'node:crypto'
import { StartupError } from '../config/startup-error.ts'
import { systemIds } from '../kernel/clock.ts'

/** What a restored database is of no use without. */
export interface CloudSecrets {
  readonly cloudSecret: string
  readonly adminPassword?: string
}

/** Secrets that only a passphrase opens. All texts are hexadecimal. */
export interface SealedSecrets {
  readonly scrypt: { readonly salt: string; readonly N: number; readonly r: number; readonly p: number }
  readonly iv: string
  readonly box: string
}

// 64 MB and a tenth of a second for each guess.
const cost = { N: 2 ** 16, r: 8, p: 1 }
const maxmem = 256 * 2 ** 20
const tagBytes = 16

/** Seals the secrets with scrypt and AES-256-GCM. */
export function sealSecrets(secrets: CloudSecrets, passphrase: string): SealedSecrets {
  const [salt, iv] = [systemIds.bytes(16), systemIds.bytes(12)]
  const cipher = createCipheriv('aes-256-gcm', scryptSync(passphrase, salt, 32, { ...cost, maxmem }), iv)
  const box = Buffer.concat([cipher.update(JSON.stringify(secrets)), cipher.final(), cipher.getAuthTag()])
  return { scrypt: { salt: salt.toString('hex'), ...cost }, iv: iv.toString('hex'), box: box.toString('hex') }
}

/** Opens them. Throws a StartupError when the passphrase is another. */
export function openSecrets({ scrypt: { salt, ...how }, iv, box }: SealedSecrets, passphrase: string): CloudSecrets {
  const bytes = Buffer.from(box, 'hex')
  try {
    const key = scryptSync(passphrase, Buffer.from(salt, 'hex'), 32, { ...how, maxmem })
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'hex'))
    decipher.setAuthTag(bytes.subarray(-tagBytes))
    const plain = Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()])
    return JSON.parse(plain.toString()) as CloudSecrets
  } catch (cause) {
    throw new StartupError('The passphrase does not open the secrets of this archive', 'Give the one that the backup was made with.', {
      cause,
    })
  }
}
