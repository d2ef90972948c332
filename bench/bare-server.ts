import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

// What Node can do at best: a server that serialises an object, or what it was sent, and does nothing else.
const [port, file] = process.argv.slice(2) as [string, string]
const list: unknown = JSON.parse(readFileSync(file, 'utf8'))

createServer((req, res) => {
  const answer = (value: unknown) => {
    const body = JSON.stringify(value)
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
  }
  if (req.method === 'GET') return answer(list)
  let text = ''
  req.setEncoding('utf8')
  req.on('data', (chunk: string) => (text += chunk))
  req.on('end', () => answer(JSON.parse(text)))
}).listen(Number(port), '127.0.0.1')
