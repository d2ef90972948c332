import { projectOf, type CloudContext } from '../../cloud/context.ts'
import { conflict, invalid } from '../../kernel/errors.ts'
import { existsAt } from '../../kernel/http/schema.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { chargeKeypair } from '../quotas/charge.ts'
import { fingerprintOf } from './import.ts'
import { ed25519Key } from './ssh-key.ts'
import { insertKeypair, keypairOf, type Keypair } from './store.ts'

export interface KeypairRequest {
  readonly userId: string
  readonly name: string
  readonly type: string
  /** Absent: a key is made, and its private half is given away once and kept nowhere. */
  readonly publicKey: string | undefined
}

/** Stores a user's public key, making the pair when none is given. Throws `invalid`, `conflict` or `overLimit`. */
export async function createKeypair(
  ctx: CloudContext,
  tx: Tx,
  request: KeypairRequest,
): Promise<{ keypair: Keypair; privateKey: string | undefined }> {
  checkName(ctx, request.name)
  const made = request.publicKey === undefined ? generate(ctx, request.type) : undefined
  const publicKey = made?.publicKey ?? request.publicKey!
  const { userId, name, type } = request
  const fingerprint = fingerprintOf(type, publicKey)
  await chargeKeypair(ctx, tx, { userId, projectId: projectOf(ctx) })
  if (!(await insertKeypair(ctx, tx, { userId, name, type, fingerprint, publicKey }))) throw conflict(`Key pair '${name}' already exists.`)
  return { keypair: (await keypairOf(tx, { userId, name }))!, privateKey: made?.privateKey }
}

function checkName(ctx: CloudContext, name: string): void {
  const safe = existsAt({ since: '2.92' }, ctx.version) ? /^[A-Za-z0-9_\- @.]+$/ : /^[A-Za-z0-9_\- ]+$/
  if (!safe.test(name)) throw invalid('Keypair data is invalid: Keypair name contains unsafe characters')
}

function generate(ctx: CloudContext, type: string) {
  if (type !== 'ssh') throw invalid('Keypair data is invalid: a key pair of this type can only be imported')
  return ed25519Key(ctx.ids.bytes(32), ctx.ids.bytes(4).readUInt32BE())
}
