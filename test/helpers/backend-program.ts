import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

// A small HTTP server for tests of balancers, run as a process so that it can be killed and frozen.
// Arguments: its name, its port, a folder in which all of them write what they saw, and how many connections may wait to be taken.

const [name, port, folder, backlog] = process.argv.slice(2) as [string, string, string, string]
let draining = false
process.on('SIGUSR2', () => (draining = true))
let ill = false
process.on('SIGHUP', () => (ill = !ill))

const firstTime = (key: string): boolean => {
  const mark = `${folder}/${createHash('sha256').update(key).digest('hex')}`
  if (existsSync(mark)) return false
  writeFileSync(mark, '')
  return true
}

const server = createServer({ keepAliveTimeout: 65_000 }, (req, res) => {
  if (req.url === '/healthcheck') return void res.writeHead(ill ? 503 : draining ? 404 : 200).end()
  const hash = createHash('md5')
  let length = 0
  req.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    length += chunk.length
  })
  req.on('end', () => {
    const url = new URL(req.url!, 'http://here')
    const key = req.headers['idempotency-key'] ?? url.search
    appendFileSync(`${folder}/seen`, `${JSON.stringify({ name, method: req.method, path: url.pathname, key })}\n`)
    // The first to see such a request dies, or freezes, before it answers.
    if (url.pathname.startsWith('/die') && firstTime(String(key))) process.kill(process.pid, 'SIGKILL')
    if (url.pathname.startsWith('/freeze') && firstTime(String(key))) process.kill(process.pid, 'SIGSTOP')
    const answer = () => {
      const body = JSON.stringify({ name, headers: req.headers, length, md5: hash.digest('hex') })
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
    }
    setTimeout(answer, Number(url.searchParams.get('ms') ?? 0))
  })
})
server.listen(Number(port), '127.0.0.1', Number(backlog), () => console.log('ready'))
