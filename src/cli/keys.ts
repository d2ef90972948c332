import { StartupError } from '../config/startup-error.ts'
import { forWork, type SqlContext } from '../kernel/context.ts'
import { keysStatus, type KeysStatus, rotateKeys } from '../keystone/contract.ts'
import { actOf } from './acts.ts'
import { withCloudDatabase } from './cloud-database.ts'
import { say } from './terminal.ts'
import type { Call, Verb } from './verb.ts'

const acts: Record<string, (ctx: SqlContext, flags: Call['flags']) => Promise<number>> = { rotate, status }

/** An instance that died is waited for until it was silent for half a minute, any other for some seconds. */
const waitSeconds = 60
const everyMs = 200

/** The exit code while some instance lacks the key. */
const waits = 3

export const keys: Verb = {
  name: 'keys',
  summary: 'Rotate the keys that tokens are sealed with, or see who holds which',
  usage: 'rotate|status',
  description: [
    'The staged key becomes the primary one, which seals tokens, once every live controller holds it; another is staged. Tokens of older keys stay',
    'good until they expire. Controllers rotate by themselves once a day. Keys are never printed: they have numbers. The exit code is 0 when it is',
    `done, ${waits} when some controller lacks the key for longer than --wait, and 1 when the cloud's database or secret is not there.`,
  ].join('\n'),
  settings: ['stateDir', 'database', 'secret'],
  flags: {
    wait: { placeholder: 'SECONDS', help: `How long \`rotate\` waits for controllers that lack the key, default ${waitSeconds}` },
    json: { help: 'For programs' },
  },
  examples: [
    ['skykeel keys rotate', 'The cloud of this machine.'],
    ['skykeel keys rotate --config /etc/skykeel/controller.yaml --wait 0', 'On a controller of a larger cloud; now or not at all.'],
    ['skykeel keys status', 'Which keys there are, and who holds them.'],
  ],
  async run({ loaded: { config }, flags, positionals }) {
    const act = actOf('keys', acts, positionals)
    return withCloudDatabase(config, 'keys', (ctx) => act(ctx, flags))
  },
}

async function rotate(ctx: SqlContext, flags: Call['flags']): Promise<number> {
  const waitMs = Number(flags['wait'] ?? waitSeconds) * 1000
  if (!(waitMs >= 0)) throw new StartupError(`--wait: ${flags['wait']} is no number of seconds`, `Try --wait ${waitSeconds}.`)
  const deadlineMs = ctx.clock.monotonicMs() + waitMs
  for (;;) {
    const { waitingFor } = await rotateKeys(forWork(ctx, 'keys'))
    if (waitingFor.length === 0) break
    if (ctx.clock.monotonicMs() >= deadlineMs) {
      if (flags['json']) return status(ctx, flags, waits)
      say(`Not rotated: ${waitingFor.join(', ')} ${waitingFor.length === 1 ? 'does' : 'do'} not hold the staged key yet.`)
      return waits
    }
    await ctx.clock.sleep(everyMs)
  }
  if (flags['json']) return status(ctx, flags)
  const { primary, staged } = await known(ctx)
  say(`Tokens are sealed with key ${primary} now; key ${staged} is staged.`)
  return 0
}

async function status(ctx: SqlContext, flags: Call['flags'], code = 0): Promise<number> {
  const now = await known(ctx)
  say(flags['json'] ? JSON.stringify(now) : textOf(now))
  return code
}

async function known(ctx: SqlContext): Promise<KeysStatus> {
  const now = await keysStatus(forWork(ctx, 'keys'))
  if (!now) throw new StartupError('The cloud has no keys yet', 'Its first controller makes them: start one.')
  return now
}

function textOf({ primary, primarySince, staged, older, instances }: KeysStatus): string {
  const width = Math.max(0, ...instances.map(({ name }) => name.length)) + 2
  return [
    `Key ${primary} seals tokens, since ${primarySince.toISOString()}; key ${staged} is staged${older.length > 0 ? `; ${older.length} older still open theirs` : ''}.`,
    ...instances.map(({ name, newestKey, silentSeconds, counts }) => {
      const lacks = newestKey < staged ? (counts ? ', a rotation waits for it' : ', not waited for: silent for too long') : ''
      return `  ${name.padEnd(width)}holds key ${newestKey}, told ${Math.round(silentSeconds)} s ago${lacks}`
    }),
  ].join('\n')
}
