import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../test/helpers/free-port.ts'
import { until } from '../test/helpers/until.ts'
import { ratioOf } from './measure.ts'
import { createActive, logIn, makeRoom } from './user.ts'
import { end, openWorld, password } from './world.ts'
import type { Figure } from './figure.ts'

/** How one controller compares with a bare node:http server that sends the same bytes. */
export async function ratios(): Promise<Figure[]> {
  const world = await openWorld()
  const home = mkdtempSync(join(tmpdir(), 'skykeel-bare-'))
  try {
    const [admin, user] = [await logIn(world.url, 'admin', password), await logIn(world.url, 'demo', password)]
    const aServer = await makeRoom(admin, user)
    for (let i = 0; i < 100; i++) await createActive(user, aServer(`s${i}`))
    const servers = await user.call('GET', '/compute/v2.1/servers/detail')
    if (servers.servers.length !== 100) throw new Error(`there are ${servers.servers.length} servers`)
    const file = join(home, 'list.json')
    writeFileSync(file, JSON.stringify(servers))
    const port = await freePort()
    const bare = spawn(process.execPath, [join(import.meta.dirname, 'bare-server.ts'), String(port), file], { stdio: 'inherit' })
    try {
      const bareUrl = `http://127.0.0.1:${port}`
      await until(async () => (await fetch(bareUrl)).ok)
      const list = { url: `${world.url}/compute/v2.1/servers/detail`, headers: { 'x-auth-token': user.token } }
      const detail = await ratioOf(list, { url: bareUrl })
      const alone = await ratioOf(list, { url: bareUrl }, { connections: 1 })
      const subject = { 'x-auth-token': admin.token, 'x-subject-token': user.token }
      const validated = await fetch(`${world.url}/identity/v3/auth/tokens`, { headers: subject })
      const body = await validated.text()
      const echo = {
        url: bareUrl,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) },
        body,
      }
      const token = await ratioOf({ url: `${world.url}/identity/v3/auth/tokens`, headers: subject }, echo)
      const said = (of: { ours: number; bare: number }) => `${Math.round(of.ours)}/s against ${Math.round(of.bare)}/s`
      return [
        { name: 'servers/detail of 100, to bare node:http', value: detail.ratio, unit: '', atLeast: 0.4, note: said(detail) },
        { name: 'the same by one client, who shares no read', value: alone.ratio, unit: '', note: said(alone) },
        { name: 'token validation, to a bare JSON echo', value: token.ratio, unit: '', atLeast: 0.25, note: said(token) },
      ]
    } finally {
      await end(bare)
    }
  } finally {
    await world.close()
    rmSync(home, { recursive: true, force: true })
  }
}
