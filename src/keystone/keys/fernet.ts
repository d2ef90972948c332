import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'

// https://github.com/fernet/spec: version, seconds, IV, AES-128-CBC, HMAC-SHA256; the key is 16 bytes to sign and 16 to encrypt.
const version = 0x80
const headBytes = 9
const ivBytes = 16
const macBytes = 32
const smallestBytes = headBytes + ivBytes + 16 + macBytes

/** The length of a Fernet key. */
export const fernetKeyBytes = 32

/** What a token says, and when it was sealed, in whole seconds since 1970. */
export interface Opened {
  readonly payload: Buffer
  readonly seconds: number
}

/** Seals a payload; as keystone does, without the padding of base64. */
export function sealFernet(key: Buffer, { payload, seconds, iv }: { payload: Buffer; seconds: number; iv: Buffer }): string {
  const head = Buffer.alloc(headBytes)
  head[0] = version
  head.writeBigUInt64BE(BigInt(seconds), 1)
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16), iv)
  const signed = Buffer.concat([head, iv, cipher.update(payload), cipher.final()])
  return Buffer.concat([signed, macOf(key, signed)]).toString('base64url')
}

/** The bytes of a token; undefined for text that can't be one. */
export function fernetBytes(token: string): Buffer | undefined {
  if (token.length > 1024 || !/^[\w-]+={0,2}$/.test(token)) return undefined
  const bytes = Buffer.from(token, 'base64url')
  const isWhole = bytes.length >= smallestBytes && (bytes.length - headBytes - ivBytes - macBytes) % 16 === 0
  return isWhole && bytes[0] === version ? bytes : undefined
}

/** Opens a token that this key sealed; undefined for any other. */
export function openFernet(key: Buffer, bytes: Buffer): Opened | undefined {
  const signed = bytes.subarray(0, bytes.length - macBytes)
  if (!timingSafeEqual(macOf(key, signed), bytes.subarray(bytes.length - macBytes))) return undefined
  const decipher = createDecipheriv('aes-128-cbc', key.subarray(16), signed.subarray(headBytes, headBytes + ivBytes))
  const payload = Buffer.concat([decipher.update(signed.subarray(headBytes + ivBytes)), decipher.final()])
  return { payload, seconds: Number(signed.readBigUInt64BE(1)) }
}

const macOf = (key: Buffer, signed: Buffer): Buffer => createHmac('sha256', key.subarray(0, 16)).update(signed).digest()
