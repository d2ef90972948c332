import { timingSafeEqual } from 'node:crypto'

/** Whether what somebody shows is the secret. How long that takes tells nothing of where they differ. */
export function isSameSecret(shown: Buffer | string, secret: Buffer | string): boolean {
  const [one, other] = [Buffer.from(shown as string), Buffer.from(secret as string)]
  return one.length === other.length && timingSafeEqual(one as never, other as never)
}
