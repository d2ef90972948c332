import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { GaleraControl } from './control.ts'
import { keeperUser } from './node-state.ts'

// Marks data that were made whole; a half-made folder is made again.
const marker = 'skykeel-made'

/** Makes the data of a node that has none yet: system tables, the cloud's account and database, the keeper's account. */
export async function installOnce(control: GaleraControl): Promise<void> {
  const { dataDir, installDb, defaultsFile, mariadbd } = control
  // A state transfer takes the marker away with all else; what it left is whole as well.
  if (existsSync(join(dataDir, marker)) || existsSync(join(dataDir, 'grastate.dat'))) return
  rmSync(dataDir, { recursive: true, force: true })
  mkdirSync(dataDir, { recursive: true, mode: 0o750 })
  const alone = ['--wsrep-on=OFF', '--wsrep-provider=none']
  await run([installDb, `--defaults-file=${defaultsFile}`, '--auth-root-authentication-method=socket', '--skip-test-db', ...alone], '')
  await run([mariadbd, `--defaults-file=${defaultsFile}`, ...alone, '--bootstrap'], accounts(control))
  mkdirSync(join(dataDir, marker))
}

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`

/** One statement a line, as mariadbd wants them before it serves. The first makes it read the accounts that are there. */
const accounts = ({ user, password, database }: GaleraControl): string =>
  [
    'flush privileges;',
    `create database if not exists \`${database}\` character set utf8mb4 collate utf8mb4_bin;`,
    `create user if not exists ${quoted(user)}@'%' identified by ${quoted(password)};`,
    `grant all privileges on \`${database}\`.* to ${quoted(user)}@'%';`,
    `create user if not exists ${quoted(keeperUser)}@'localhost' identified by ${quoted(password)};`,
    `grant super on *.* to ${quoted(keeperUser)}@'localhost';`,
    '',
  ].join('\n')

function run([program = '', ...args]: readonly string[], input: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${program} exits with ${code}: ${output.trim().slice(-2000)}`))
    })
  })
}
