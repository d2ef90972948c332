import { writeSync } from 'node:fs'

/** Prints to standard output, at once and whole: what is printed before an end is never lost. */
export const say = (text: string): void => put(1, text)

/** Prints to standard error. */
export const warn = (text: string): void => put(2, text)

function put(descriptor: number, text: string): void {
  const bytes = Buffer.from(text.endsWith('\n') ? text : `${text}\n`)
  for (let sent = 0; sent < bytes.length;) {
    try {
      sent += writeSync(descriptor, bytes, sent)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE' || code === 'EIO') return // Nobody reads any more, as after `| head`.
      if (code !== 'EAGAIN') throw error
    }
  }
}
