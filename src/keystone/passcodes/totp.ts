import { createHmac } from 'node:crypto'
import { isSameSecret } from '../../kernel/same-secret.ts'

/** How long one passcode stands, in seconds. RFC 6238 */
const stepSeconds = 30

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Reads base32, with or without its padding; undefined for anything else. RFC 4648 */
export function fromBase32(text: string): Buffer | undefined {
  const digits = Array.from(text.replace(/=+$/, ''), (character) => alphabet.indexOf(character))
  if (digits.length === 0 || digits.includes(-1)) return undefined
  const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('')
  return Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [])
}

/** The step of a moment: which passcode stands then. */
export const stepAt = (now: Date): number => Math.floor(now.getTime() / 1000 / stepSeconds)

/** The six digits of a secret in a step. RFC 4226, 5.3 */
export function passcodeOf(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret as never)
    .update(counter as never)
    .digest()
  const number = mac.readUInt32BE(mac.at(-1)! & 0xf) & 0x7fff_ffff
  return String(number % 1_000_000).padStart(6, '0')
}

/** The step that a passcode is of: this one or the one before, since it takes a while to type; undefined for a wrong one. */
export function stepOfPasscode(secret: Buffer, passcode: string, now: Date): number | undefined {
  const current = stepAt(now)
  return [current, current - 1].find((step) => isSameSecret(passcode, passcodeOf(secret, step)))
}
