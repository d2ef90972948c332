import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from '../kernel/run-program.ts'
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
  await mustRun([installDb, `--defaults-file=${defaultsFile}`, '--auth-root-authentication-method=socket', '--skip-test-db', ...alone])
  await mustRun([mariadbd, `--defaults-file=${defaultsFile}`, ...alone, '--bootstrap'], { input: accounts(control) })
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
