/** Ways to log in. */
export const loginMethods = ['password', 'token', 'application_credential', 'oauth1', 'totp'] as const
export type LoginMethod = (typeof loginMethods)[number]

/** Ways to prove who one is, in the order of their bits in a token. */
export const methodNames = [...loginMethods, 'ec2credential'] as const
export type Method = (typeof methodNames)[number]

/** What a token is for. */
export type Scope =
  | { readonly kind: 'project'; readonly id: string }
  | { readonly kind: 'domain'; readonly id: string }
  | { readonly kind: 'system' }
  | { readonly kind: 'none' }

/** What the user handed on, and this token lives by: it can do no more than that, and ends with it. */
export interface Delegation {
  readonly kind: (typeof delegationKinds)[number]
  readonly id: string
}

/** What a token itself says; everything else is looked up. Times are whole seconds since 1970. */
export interface TokenPayload {
  readonly userId: string
  /** The epoch of the user in which it was made; good in no other. */
  readonly epoch: number
  readonly methods: readonly Method[]
  readonly scope: Scope
  readonly delegation?: Delegation
  readonly expiresSeconds: number
  /** Its own audit id, and that of the first token of its chain when it has one. */
  readonly auditIds: readonly string[]
}

// The second format is the first with a delegation in it. Tokens without one keep the first, which earlier releases read too.
// The third is no token but a receipt.
const [plainFormat, delegatedFormat, receiptFormat] = [1, 2, 3]
const scopeKinds = ['none', 'project', 'domain', 'system'] as const
const delegationKinds = ['application_credential', 'trust', 'oauth1'] as const
const auditBytes = 16

/** Packs a payload into as few bytes as it takes. */
export function packPayload(payload: TokenPayload): Buffer {
  const { scope, delegation } = payload
  const head = Buffer.alloc(12)
  head[0] = delegation ? delegatedFormat : plainFormat
  head[1] = scopeKinds.indexOf(scope.kind)
  head[2] = bitsOf(payload.methods)
  head[3] = payload.auditIds.length
  head.writeUInt32BE(payload.epoch, 4)
  head.writeUInt32BE(payload.expiresSeconds, 8)
  const audits = payload.auditIds.map((id) => Buffer.from(id, 'base64url'))
  const delegated = delegation ? [Buffer.of(delegationKinds.indexOf(delegation.kind)), packId(delegation.id)] : []
  return Buffer.concat([head, packId(payload.userId), ...('id' in scope ? [packId(scope.id)] : []), ...delegated, ...audits])
}

/** Reads what `packPayload` wrote; undefined when it is something else. */
export function unpackPayload(bytes: Buffer): TokenPayload | undefined {
  if (bytes.length < 12 || (bytes[0] !== plainFormat && bytes[0] !== delegatedFormat)) return undefined
  const kind = scopeKinds[bytes[1]!]
  if (!kind) return undefined
  const user = unpackId(bytes, 12)
  const target = kind === 'project' || kind === 'domain' ? unpackId(bytes, user.end) : undefined
  const targetEnd = target?.end ?? user.end
  const delegated = bytes[0] === delegatedFormat ? unpackId(bytes, targetEnd + 1) : undefined
  const delegationKind = delegated && delegationKinds[bytes[targetEnd]!]
  if (delegated && !delegationKind) return undefined
  const auditsAt = delegated?.end ?? targetEnd
  return {
    userId: user.id,
    epoch: bytes.readUInt32BE(4),
    methods: methodsIn(bytes[2]!),
    scope: target ? { kind: kind as 'project' | 'domain', id: target.id } : { kind: kind as 'system' | 'none' },
    ...(delegationKind && { delegation: { kind: delegationKind, id: delegated.id } }),
    expiresSeconds: bytes.readUInt32BE(8),
    auditIds: Array.from({ length: bytes[3]! }, (_, n) =>
      bytes.toString('base64url', auditsAt + n * auditBytes, auditsAt + (n + 1) * auditBytes),
    ),
  }
}

const bitsOf = (methods: readonly Method[]): number => methods.reduce((bits, method) => bits | (1 << methodNames.indexOf(method)), 0)
const methodsIn = (bits: number): Method[] => methodNames.filter((_, bit) => bits & (1 << bit))

/** What a receipt says: who proved what, and until when that counts. */
export type ReceiptPayload = Pick<TokenPayload, 'userId' | 'epoch' | 'methods' | 'expiresSeconds'>

/** Packs a receipt's payload, which no token is taken for. */
export function packReceipt({ userId, epoch, methods, expiresSeconds }: ReceiptPayload): Buffer {
  const head = Buffer.alloc(10)
  head[0] = receiptFormat
  head[1] = bitsOf(methods)
  head.writeUInt32BE(epoch, 2)
  head.writeUInt32BE(expiresSeconds, 6)
  return Buffer.concat([head, packId(userId)])
}

/** Reads what `packReceipt` wrote; undefined when it is something else. */
export function unpackReceipt(bytes: Buffer): ReceiptPayload | undefined {
  if (bytes.length < 12 || bytes[0] !== receiptFormat) return undefined
  return {
    userId: unpackId(bytes, 10).id,
    epoch: bytes.readUInt32BE(2),
    methods: methodsIn(bytes[1]!),
    expiresSeconds: bytes.readUInt32BE(6),
  }
}

// Most ids are 32 hexadecimal digits and take 16 bytes; others, such as "default", stand as text behind their length.
function packId(id: string): Buffer {
  if (/^[0-9a-f]{32}$/.test(id)) return Buffer.concat([Buffer.of(0), Buffer.from(id, 'hex')])
  const text = Buffer.from(id, 'utf8')
  return Buffer.concat([Buffer.of(text.length), text])
}

function unpackId(bytes: Buffer, at: number): { id: string; end: number } {
  const length = bytes[at]!
  if (length === 0) return { id: bytes.toString('hex', at + 1, at + 17), end: at + 17 }
  return { id: bytes.toString('utf8', at + 1, at + 1 + length), end: at + 1 + length }
}
