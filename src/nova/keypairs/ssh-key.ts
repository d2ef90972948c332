import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'

// RFC 4251: a string is its length in four bytes and then its bytes.
const string = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value as string)
  return Buffer.concat([uint32(bytes.length), bytes])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const type = 'ssh-ed25519'
const comment = 'Generated-by-Nova'
/** What stands before the 32 secret bytes of an Ed25519 key in PKCS #8. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')

export interface SshKey {
  /** One line, as in authorized_keys. */
  readonly publicKey: string
  /** PEM in OpenSSH's own format. */
  readonly privateKey: string
}

/** Makes an Ed25519 key of 32 unpredictable bytes. `check` is any number; OpenSSH repeats it to see that a key was decrypted well. */
export function ed25519Key(seed: Buffer, check: number): SshKey {
  const der = createPublicKey(createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' })).export({
    format: 'der',
    type: 'spki',
  })
  const point = der.subarray(-32)
  const publicBlob = Buffer.concat([string(type), string(point)])
  const secret = padded(
    Buffer.concat([uint32(check), uint32(check), string(type), string(point), string(Buffer.concat([seed, point])), string(comment)]),
  )
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    string('none'),
    string('none'),
    string(''),
    uint32(1),
    string(publicBlob),
    string(secret),
  ])
  const lines = file
    .toString('base64')
    .match(/.{1,70}/g)!
    .join('\n')
  return {
    publicKey: `${type} ${publicBlob.toString('base64')} ${comment}`,
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`,
  }
}

// The secret part fills blocks of 8 bytes; the padding counts 1, 2, 3, …
function padded(bytes: Buffer): Buffer {
  const missing = (8 - (bytes.length % 8)) % 8
  return Buffer.concat([bytes, Buffer.from(Array.from({ length: missing }, (_, index) => index + 1))])
}

const known =
  /^(ssh-rsa|ssh-dss|ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com)$/

/** The MD5 fingerprint of an SSH public key, as nova shows it; undefined when the text is no such key. */
export function sshFingerprint(publicKey: string): string | undefined {
  const [name, data] = publicKey.trim().split(/\s+/)
  if (!name || !data || !known.test(name) || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return undefined
  const blob = Buffer.from(data, 'base64')
  const head = string(name)
  if (blob.length <= head.length + 4 || !blob.subarray(0, head.length).equals(head) || !isWhole(blob)) return undefined
  return createHash('md5').update(blob).digest('hex').match(/../g)!.join(':')
}

/** Whether the blob is a row of strings and nothing else. */
function isWhole(blob: Buffer): boolean {
  let at = 0
  while (at + 4 <= blob.length) at += 4 + blob.readUInt32BE(at)
  return at === blob.length
}
