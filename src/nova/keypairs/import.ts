import { X509Certificate } from 'node:crypto'
import { invalid } from '../../kernel/errors.ts'
import { sshFingerprint } from './ssh-key.ts'

/** The fingerprint of a public key that a user brings. Throws `invalid` when it is no key of this type. */
export function fingerprintOf(type: string, publicKey: string): string {
  const fingerprint = type === 'x509' ? certificateFingerprint(publicKey) : sshFingerprint(publicKey)
  if (!fingerprint) throw invalid('Keypair data is invalid: failed to generate fingerprint')
  return fingerprint
}

function certificateFingerprint(pem: string): string | undefined {
  try {
    return new X509Certificate(pem).fingerprint.toLowerCase()
  } catch {
    return undefined
  }
}
