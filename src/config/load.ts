import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { nearest, suggest } from './nearest.ts'
import { type Config, flagOf, keyOf, type Setting, type SettingName, settingNames, settings, variableOf } from './settings.ts'
import { StartupError } from './startup-error.ts'

/** The configuration, and where each value that is no default comes from. */
export interface Loaded {
  readonly config: Config
  readonly sources: Partial<Record<SettingName, string>>
  readonly file: string | undefined
  readonly warnings: readonly string[]
}

export interface Sources {
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** Values of flags, as they were written; a switch is true. */
  readonly flags?: Partial<Record<SettingName, string | boolean>>
  /** The file that --config names; else `skykeel.yaml` in the state directory, if there is one. */
  readonly configFile?: string | undefined
}

interface Found {
  readonly values: Partial<Record<SettingName, unknown>>
  readonly sources: Partial<Record<SettingName, string>>
}

/** Puts the configuration together: defaults, file, environment, flags, in rising precedence. Throws a StartupError for what is wrong. */
export async function loadConfig({ env, cwd, flags = {}, configFile }: Sources): Promise<Loaded> {
  const fromEnv = collect(
    (name) => env[variableOf(name)] || undefined,
    (name) => variableOf(name),
    cwd,
  )
  const fromFlags = collect(
    (name) => flags[name],
    (name) => `--${flagOf(name)}`,
    cwd,
  )
  const named = configFile ?? env['SKYKEEL_CONFIG']
  const stateDir = String(fromFlags.values.stateDir ?? fromEnv.values.stateDir ?? settings.stateDir.default(env))
  const file = named ?? join(stateDir, 'skykeel.yaml')
  const fromFile = await readFile(file, { mustExist: named !== undefined, inStateDir: named === undefined })

  const config: Record<string, unknown> = {}
  const sources: Loaded['sources'] = { ...fromFile?.sources, ...fromEnv.sources, ...fromFlags.sources }
  for (const name of settingNames) {
    const { default: fallback }: Setting<unknown> = settings[name]
    config[name] = fromFlags.values[name] ?? fromEnv.values[name] ?? fromFile?.values[name] ?? fallback?.(env)
  }
  return { config: config as Config, sources, file: fromFile && file, warnings: strangeVariables(env) }
}

function collect(written: (name: SettingName) => unknown, source: (name: SettingName) => string, base: string): Found {
  const values: Found['values'] = {}
  const sources: Found['sources'] = {}
  for (const name of settingNames) {
    const value = written(name)
    if (value === undefined || value === null) continue
    values[name] = check(name, value, { base, source: source(name) })
    sources[name] = source(name)
  }
  return { values, sources }
}

function check(name: SettingName, written: unknown, { base, source }: { base: string; source: string }): unknown {
  const setting: Setting<unknown> = settings[name]
  const value = setting.kind.read(written, base)
  if (value !== undefined) return value
  const shown = setting.secret ? 'its value' : JSON.stringify(written)
  throw new StartupError(`${source}: ${shown} won't do, it must be ${setting.kind.must}`, `${setting.help}.`)
}

/** Sections of the file that are no settings: whoever needs one reads it. */
const sections = ['topology']

async function readFile(file: string, { mustExist, inStateDir }: { mustExist: boolean; inStateDir: boolean }): Promise<Found | undefined> {
  const document = await readDocument(file).catch((error: StartupError) => {
    const { code = '' } = (error.cause ?? {}) as NodeJS.ErrnoException
    if (!mustExist && ['ENOENT', 'ENOTDIR'].includes(code)) return undefined
    throw error
  })
  if (!document) return undefined
  for (const key of Object.keys(document)) {
    const keys = [...settingNames.map(keyOf), ...sections]
    if (!keys.includes(key))
      throw new StartupError(`${file}: there is no setting ${key}`, suggest(key, keys, `\`skykeel config\` lists them all.`))
  }
  if (inStateDir && 'state_dir' in document)
    throw new StartupError(`${file}: state_dir can't be set in the directory itself`, 'Remove it there, or give the file by --config.')
  return collect(
    (name) => document[keyOf(name)],
    (name) => `${file}: ${keyOf(name)}`,
    dirname(file),
  )
}

/** The whole configuration file as it is written. Throws a StartupError when it can't be read or is no mapping. */
export async function readDocument(file: string): Promise<Record<string, unknown>> {
  let content
  try {
    content = readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new StartupError(`The configuration file ${file} can't be read: ${code}`, 'Check its path and permissions.', { cause: error })
  }
  return parseYaml(file, content)
}

async function parseYaml(file: string, content: string): Promise<Record<string, unknown>> {
  // Most clouds have no file: then the parser is never loaded.
  const { parse } = await import('yaml')
  let document: unknown
  try {
    document = parse(content) ?? {}
  } catch (error) {
    throw new StartupError(`${file} is no valid YAML: ${(error as Error).message.split('\n')[0]}`, 'Correct it.', { cause: error })
  }
  if (typeof document === 'object' && document !== null && !Array.isArray(document)) return document as Record<string, unknown>
  throw new StartupError(`${file} must hold settings, one a line, such as \`controllers: 3\``, '`skykeel config` lists them all.')
}

// A variable may be meant for something else, so that a misspelt one is no error; but it is worth a word.
function strangeVariables(env: NodeJS.ProcessEnv): string[] {
  const known = [...settingNames.map(variableOf), 'SKYKEEL_CONFIG']
  return Object.keys(env)
    .filter((name) => name.startsWith('SKYKEEL_') && !known.includes(name))
    .flatMap((name) => {
      const meant = nearest(name, known)
      return meant ? [`${name} is no setting; did you mean ${meant}?`] : []
    })
}
