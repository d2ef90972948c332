import { existsAt, type Version } from '../../kernel/http/schema.ts'
import { microTime } from '../times.ts'
import type { Keypair } from './store.ts'

const typeSince = (keypair: Keypair, version: Version | undefined) => existsAt({ since: '2.2' }, version) && { type: keypair.type }

/** A key pair in a list. */
export const keypairRef = (keypair: Keypair, version: Version | undefined) => ({
  keypair: { name: keypair.name, public_key: keypair.publicKey, fingerprint: keypair.fingerprint, ...typeSince(keypair, version) },
})

/** A key pair that was just made. */
export const newKeypair = (keypair: Keypair, privateKey: string | undefined, version: Version | undefined) => ({
  keypair: { ...keypairRef(keypair, version).keypair, user_id: keypair.userId, ...(privateKey && { private_key: privateKey }) },
})

export const keypairView = (keypair: Keypair, version: Version | undefined) => ({
  keypair: {
    ...keypairRef(keypair, version).keypair,
    id: keypair.id,
    user_id: keypair.userId,
    created_at: microTime(keypair.createdAt),
    updated_at: null,
    deleted: false,
    deleted_at: null,
  },
})
