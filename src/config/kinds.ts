import { isAbsolute, resolve } from 'node:path'
import { readNetworks } from '../kernel/networks.ts'

/** A kind of value: reads what was written, or says what it should have been. */
export interface Kind<T> {
  /** Stands for the value in help: PORT. Empty for a switch. */
  readonly placeholder: string
  /** Completes "must be …". */
  readonly must: string
  /** Reads a value of the file (any YAML) or of the environment and the command line (text). Undefined when it is none. `base` is the folder of relative paths. */
  read(written: unknown, base: string): T | undefined
}

const asText = (written: unknown): string | undefined => (typeof written === 'string' && written !== '' ? written : undefined)

export const text = (placeholder: string): Kind<string> => ({
  placeholder,
  must: 'a text',
  read: (written) => (typeof written === 'number' ? String(written) : asText(written)),
})

export const path = (placeholder: string): Kind<string> => ({
  placeholder,
  must: 'a path',
  read(written, base) {
    const value = asText(written)
    return value === undefined || isAbsolute(value) ? value : resolve(base, value)
  },
})

export const count = (from: number, to: number, placeholder = 'N'): Kind<number> => ({
  placeholder,
  must: `a whole number from ${from} to ${to}`,
  read(written) {
    const value = typeof written === 'string' && /^\d+$/.test(written) ? Number(written) : written
    return Number.isInteger(value) && (value as number) >= from && (value as number) <= to ? (value as number) : undefined
  },
})

export const port = count(0, 65_535, 'PORT')

const words: Record<string, boolean> = { true: true, yes: true, on: true, '1': true, false: false, no: false, off: false, '0': false }

export const toggle: Kind<boolean> = {
  placeholder: '',
  must: 'true or false',
  read: (written) => (typeof written === 'boolean' ? written : words[String(written).toLowerCase()]),
}

export const oneOf = <const T extends string>(...choices: readonly T[]): Kind<T> => ({
  placeholder: choices.join('|'),
  must: `one of ${choices.join(', ')}`,
  read: (written) => choices.find((choice) => choice === written),
})

/** A URL with one of these schemes. It may name several hosts, so that URL does not parse it. */
export const url = (...schemes: readonly string[]): Kind<string> => ({
  placeholder: 'URL',
  must: `a URL like ${schemes[0]}://user:password@host`,
  read: (written) => (typeof written === 'string' && schemes.some((scheme) => written.startsWith(`${scheme}://`)) ? written : undefined),
})

/** A bucket of a service that speaks S3, with what it takes to get in. */
export const bucket: Kind<string> = {
  placeholder: 'URL',
  must: 'a URL like s3+https://KEY:SECRET@host/bucket',
  read(written) {
    if (typeof written !== 'string' || !/^s3\+https?:/.test(written)) return undefined
    const plain = written.replace('s3+', '')
    if (!URL.canParse(plain)) return undefined
    const { username, password, pathname, hash } = new URL(plain)
    return username !== '' && password !== '' && hash === '' && /^\/[\w.-]+$/.test(pathname) ? written : undefined
  },
}

/** A regular expression of JavaScript. */
export const pattern: Kind<string> = {
  placeholder: 'PATTERN',
  must: 'a regular expression',
  read(written) {
    const value = asText(written)
    try {
      return value && new RegExp(value, 'y') && value
    } catch {
      return undefined
    }
  },
}

export const secret = (minLength: number): Kind<string> => ({
  placeholder: 'TEXT',
  must: `a text of at least ${minLength} characters`,
  read: (written) => (typeof written === 'string' && written.length >= minLength ? written : undefined),
})

/** Networks, with commas between. */
export const networks: Kind<string> = {
  placeholder: 'NETWORKS',
  must: 'networks such as 10.0.0.0/8, with commas between',
  read(written) {
    try {
      readNetworks(
        String(written)
          .split(',')
          .map((one) => one.trim()),
      )
      return String(written)
    } catch {
      return undefined
    }
  },
}
