import { createReadStream, createWriteStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { pipeline } from 'node:stream'

// What Node can do at best with large files: one is written as it comes, and flushed, or sent as it is.
const [port, file] = process.argv.slice(2) as [string, string]

const orFail =
  (then = () => {}) =>
  (error: Error | null | undefined) => {
    if (error) throw error
    then()
  }

createServer((req, res) => {
  if (req.method === 'PUT') {
    pipeline(
      req,
      createWriteStream(file, { flush: true }),
      orFail(() => res.writeHead(204).end()),
    )
  } else {
    res.writeHead(200, { 'content-length': statSync(file).size })
    pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), res, orFail())
  }
}).listen(Number(port), '127.0.0.1')
