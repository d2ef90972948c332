import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import type { Log } from '../../kernel/log.ts'
import type { AdminAddress } from './admin.ts'
import type { BackendAddress } from './backend.ts'
import type { ListenAddress } from './balance.ts'

/**
 * The file that tells a balancer process what to do. Only `backends` is read again while it runs. Whoever writes it should write
 * another file and rename it; half a file is noticed and ignored all the same.
 */
export interface Control {
  readonly listen: readonly ListenAddress[]
  readonly admin: AdminAddress
  readonly backends: readonly BackendAddress[]
}

/** Reads the control file; throws with what is wrong with it. */
export function readControl(path: string): Control {
  return parseControl(readFileSync(path, 'utf8'))
}

/** Calls back with the new content whenever the file changes or the process gets SIGHUP. Returns how to stop that. */
export function followControl(log: Log, path: string, onChange: (control: Control) => void): () => void {
  const reread = () => {
    let control
    try {
      control = readControl(path)
    } catch (error) {
      log.warn({ path, problem: (error as Error).message }, 'control file can not be read; the backends stay as they are')
      return
    }
    onChange(control)
  }
  // Polled, because a watch on a file is lost when another is renamed over it.
  watchFile(path, { interval: 250 }, reread)
  process.on('SIGHUP', reread)
  return () => {
    unwatchFile(path, reread)
    process.off('SIGHUP', reread)
  }
}

/** Reads the control file's text; throws with what is wrong with it. */
export function parseControl(text: string): Control {
  const control = asObject(JSON.parse(text), 'the control file')
  const admin = asObject(control['admin'], 'admin')
  return {
    listen: asList(control['listen'], 'listen', (item) => ({
      host: asText(item['host'], 'host'),
      port: asPort(item['port'], 0),
    })),
    admin: 'path' in admin ? { path: asText(admin['path'], 'path') } : { port: asPort(admin['port'], 0) },
    backends: asList(control['backends'], 'backends', (item) => ({
      name: asText(item['name'], 'name'),
      host: asText(item['host'], 'host'),
      port: asPort(item['port'], 1),
    })),
  }
}

type Json = Record<string, unknown>

function asObject(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} must be an object`)
  return value as Json
}

function asList<T>(value: unknown, what: string, read: (item: Json) => T): T[] {
  if (!Array.isArray(value)) throw new Error(`${what} must be a list`)
  return value.map((item, i) => read(asObject(item, `${what}[${i}]`)))
}

function asText(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw new Error(`${what} must be a text`)
  return value
}

function asPort(value: unknown, lowest: number): number {
  if (!Number.isInteger(value) || Number(value) < lowest || Number(value) > 65_535) throw new Error(`${String(value)} is no port`)
  return Number(value)
}
