import { homedir } from 'node:os'
import { join } from 'node:path'
import { bucket, count, type Kind, networks, oneOf, path, pattern, port, secret, text, toggle, url } from './kinds.ts'

/** One thing that can be set: in the file as `state_dir`, in the environment as SKYKEEL_STATE_DIR, on the command line as --state-dir. */
export interface Setting<T> {
  readonly kind: Kind<T>
  readonly help: string
  /** Absent: there is no value unless somebody gives one. */
  readonly default?: (env: NodeJS.ProcessEnv) => T
  /** Never printed. */
  readonly secret?: true
}

const optional = <T>(kind: Kind<T>, help: string): Setting<T> => ({ kind, help })
const hidden = <T>(kind: Kind<T>, help: string): Setting<T> & { readonly default?: never } => ({ kind, help, secret: true })
const given = <T>(kind: Kind<T>, fallback: NoInfer<T>, help: string) => ({ kind, help, default: () => fallback })

/** Where a cloud lives when nobody says: with root's data of the machine, or with the user's own. */
function defaultStateDir(env: NodeJS.ProcessEnv): string {
  if (process.getuid?.() === 0) return '/var/lib/skykeel'
  return join(env['XDG_STATE_HOME'] || env['XDG_DATA_HOME'] || join(homedir(), '.local/share'), 'skykeel')
}

/** Everything that can be set. Help, checks, `skykeel config` and the documentation derive from it. */
export const settings = {
  stateDir: { kind: path('DIR'), default: defaultStateDir, help: 'Where the cloud keeps everything it has' },
  host: given(text('HOST'), '127.0.0.1', 'Address on which the cloud is reached'),
  port: given(port, 7770, 'Port on which the cloud is reached'),
  controllers: given(count(1, 32), 2, 'How many controllers run'),
  hosts: given(count(0, 10_000), 3, 'How many simulated hypervisors there are'),
  hostNames: optional(text('NAMES'), 'What the simulated hypervisors are called, with commas between; compute-1 and so on if not given'),
  adminPassword: hidden(secret(1), 'Password of every seeded user; random if not given'),
  database: hidden(url('postgresql', 'postgres', 'mysql', 'mariadb'), 'Database to use instead of the embedded one'),
  messaging: hidden(url('postgresql', 'postgres', 'amqp', 'amqps'), 'Message queue to use instead of the one on the database'),
  ephemeral: given(toggle, false, 'Keep nothing: a temporary state directory, removed at the end'),
  nativePorts: given(toggle, false, 'Serve each API on its classic port (5000, 8774, …) too'),
  region: given(text('NAME'), 'RegionOne', 'Region that the catalog names'),
  logLevel: given(oneOf('debug', 'info', 'warn', 'error'), 'info', 'How much is logged'),
  corsOrigins: optional(text('ORIGINS'), 'Web origins whose pages may use the APIs from a browser, with commas between'),
  policyFile: optional(path('FILE'), 'YAML file of policy overrides, as oslo.policy has them'),
  name: optional(text('NAME'), 'Name of this process among its peers'),
  secret: hidden(secret(32), 'The secret that all controllers of a cloud share'),
  peers: optional(text('URLS'), 'Where the other controllers are asked how they are, with commas between'),
  secondWay: optional(text('URLS'), 'Controllers that an agent asks for orders while the queue is away, with commas between'),
  hostKeys: hidden(text('KEYS'), 'What an agent shows them: the keys of its hosts, with commas between'),
  floatingAddress: optional(text('ADDRESS'), 'The address that floats between balancers, to see when two machines have it'),
  imageFolder: optional(path('DIR'), 'Folder of the bytes of images, shared by all controllers'),
  imageBucket: hidden(
    bucket,
    'Bucket for them instead, of this cloud alone: s3+https://KEY:SECRET@HOST/BUCKET, with ?region=NAME where it has one',
  ),
  lockoutFailureAttempts: optional(count(1, 1000), 'How many wrong passwords in a row lock an account; none does if not given'),
  lockoutDuration: given(count(1, 1e8, 'SECONDS'), 1800, 'For how many seconds after the last of them it stays locked'),
  uniqueLastPasswordCount: given(count(0, 50), 0, 'How many last passwords, the present one included, a user may not choose again'),
  minimumPasswordAge: given(count(0, 36_500, 'DAYS'), 0, 'For how many days a user must keep a password that he chose'),
  passwordExpiresDays: optional(count(1, 36_500, 'DAYS'), 'After how many days a new password must be changed; never if not given'),
  passwordRegex: optional(pattern, 'What new passwords must match, from their first character on'),
  passwordRegexDescription: optional(text('TEXT'), 'That in words, for who is refused'),
  changePasswordUponFirstUse: given(toggle, false, 'A password that an administrator set must be changed before anything else'),
  disableUserAccountDaysInactive: optional(
    count(1, 36_500, 'DAYS'),
    'After how many days without a login by password an account is disabled; never if not given',
  ),
  imageSizeCap: given(count(1, 2 ** 40, 'BYTES'), 2 ** 40, 'How large an image may be'),
  imageNetworks: optional(networks, 'Networks besides the public internet that images may be imported from, with commas between'),
} satisfies Record<string, Setting<any>>

export type SettingName = keyof typeof settings

/** What a cloud asks of passwords and accounts, by the names of keystone's section security_compliance. */
export const complianceSettings = [
  'lockoutFailureAttempts',
  'lockoutDuration',
  'uniqueLastPasswordCount',
  'minimumPasswordAge',
  'passwordExpiresDays',
  'passwordRegex',
  'passwordRegexDescription',
  'changePasswordUponFirstUse',
  'disableUserAccountDaysInactive',
] as const satisfies readonly SettingName[]

type ValueOf<S> = S extends { kind: Kind<infer T> }
  ? S extends { default: (env: NodeJS.ProcessEnv) => unknown }
    ? T
    : T | undefined
  : never

/** The effective value of every setting. */
export type Config = { readonly [Name in SettingName]: ValueOf<(typeof settings)[Name]> }

export const settingNames = Object.keys(settings) as SettingName[]

const words = (name: string): string[] => name.split(/(?=[A-Z])/).map((word) => word.toLowerCase())

/** Its key in the file: state_dir. */
export const keyOf = (name: SettingName): string => words(name).join('_')
/** Its flag, without the dashes: state-dir. */
export const flagOf = (name: SettingName): string => words(name).join('-')
/** Its variable: SKYKEEL_STATE_DIR. */
export const variableOf = (name: SettingName): string => `SKYKEEL_${words(name).join('_').toUpperCase()}`
