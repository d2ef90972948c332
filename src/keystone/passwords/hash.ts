import { scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { openGate } from './gate.ts'
import type { Ids } from '../../kernel/clock.ts'

/** How dear a hash is: 2 to this power rounds of scrypt, 16 MiB and about 50 ms of a core at 14. */
export const defaultCost = 14
const blockSize = 8
const hashBytes = 32
const saltBytes = 16

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

// Hashing runs on the thread pool, which file access and name look-ups need too: it may not take all of it.
const gate = openGate({ atOnce: Math.min(availableParallelism(), 3), maxWaiting: 500 })

/** Hashes a password, in the text form that keystone keeps. Takes a while; never call it inside a transaction. */
export async function hashPassword(ids: Ids, password: string, cost: number = defaultCost): Promise<string> {
  const salt = ids.bytes(saltBytes)
  const hash = await digest(password, salt, { cost, blocks: blockSize, lanes: 1 })
  return `$scrypt$ln=${cost},r=${blockSize},p=1$${text(salt)}$${text(hash)}`
}

/** Whether the password is the one that was hashed. Takes as long where there is no hash, so that nobody learns which users there are. */
export async function verifyPassword(password: string, stored: string | null | undefined): Promise<boolean> {
  const parts = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(stored ?? nobodysHash)
  if (!parts) return false
  const [cost, blocks, lanes] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const wanted = Buffer.from(parts[5]!, 'base64')
  const found = await digest(password, Buffer.from(parts[4]!, 'base64'), { cost, blocks, lanes, length: wanted.length })
  return timingSafeEqual(found, wanted) && typeof stored === 'string'
}

const nobodysHash = `$scrypt$ln=${defaultCost},r=${blockSize},p=1$${text(Buffer.alloc(saltBytes, 7))}$${text(Buffer.alloc(hashBytes))}`

type Settings = { cost: number; blocks: number; lanes: number; length?: number }

const digest = (password: string, salt: Buffer, { cost, blocks, lanes, length = hashBytes }: Settings): Promise<Buffer> =>
  gate(() => derive(password, salt, length, { N: 2 ** cost, r: blocks, p: lanes, maxmem: 256 * 2 ** cost * blocks }))

function text(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
