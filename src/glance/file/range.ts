import { invalid, rangeNotSatisfiable } from '../../kernel/errors.ts'

/** Bytes of a file, both ends included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Reads a Range header for a file of `size` bytes; undefined asks for all. The refusals are glance/common/wsgi.py's. */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined
  if (header.includes(',')) {
    throw invalid('Requests with multiple ranges are not supported in Glance. You may make multiple single-range requests instead.')
  }
  const [, from, to] = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/.exec(header) ?? []
  if (from === undefined || to === undefined || (from === '' && to === '')) throw refuse('Invalid Range header.', size)
  if (from === '') return suffix(Number(to), size)
  const range = { start: Number(from), end: to === '' ? size - 1 : Math.min(Number(to), size - 1) }
  if (to !== '' && Number(to) < range.start) throw refuse('Invalid Range header.', size)
  if (range.start >= size)
    throw refuse(`Invalid start position in Range header. Start position MUST be in the inclusive range [0, ${size - 1}].`, size)
  return range
}

function suffix(length: number, size: number): ByteRange {
  if (length === 0 || size === 0) throw refuse('Invalid Range header.', size)
  return { start: Math.max(size - length, 0), end: size - 1 }
}

const refuse = (message: string, size: number) => rangeNotSatisfiable(message, { headers: { 'content-range': `bytes */${size}` } })
