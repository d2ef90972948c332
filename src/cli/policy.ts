import { ownTarget, openPolicy, type Policy, type Reason } from '../cloud/policy.ts'
import { suggest } from '../config/nearest.ts'
import { StartupError } from '../config/startup-error.ts'
import { servicesOf } from '../controller/services.ts'
import { readPolicies } from '../embedded/policy-file.ts'
import { Fault } from '../kernel/errors.ts'
import { subjectNamed, type NamedSubject } from '../keystone/contract.ts'
import { actOf } from './acts.ts'
import { withCloudDatabase } from './cloud-database.ts'
import { say } from './terminal.ts'
import type { Target } from '../cloud/check-string.ts'
import type { Subject } from '../cloud/context.ts'
import type { Config } from '../config/settings.ts'
import type { Call, Verb } from './verb.ts'

/** The exit code for what somebody may not do. */
const mayNot = 3

const acts: Record<string, (call: Call, policy: Policy) => Promise<number>> = { list, check }

export const policy: Verb = {
  name: 'policy',
  summary: 'Tell who may do what, and why',
  usage: 'list|check',
  description: [
    "`list` shows every rule and its check, those of the cloud's policy file included; with --user, what that user may do. `check` says whether a user",
    'may do what one rule guards, and shows each part of the check. Both ask about what belongs to the user or the project itself, unless --target',
    `says whose it is. The exit code of \`check\` is 0 for yes and ${mayNot} for no.`,
  ].join('\n'),
  settings: ['stateDir', 'database', 'secret', 'policyFile'],
  flags: {
    rule: { placeholder: 'NAME', help: 'What is to be done: os_compute_api:servers:create' },
    user: { placeholder: 'NAME', help: 'Who asks' },
    'user-domain': { placeholder: 'NAME', help: 'The domain of the user, default Default' },
    project: { placeholder: 'NAME', help: 'The project that he works in' },
    'project-domain': { placeholder: 'NAME', help: 'The domain of the project, default Default' },
    domain: { placeholder: 'NAME', help: 'The domain that he works on, instead of a project' },
    system: { help: 'He works on the whole system' },
    target: { placeholder: 'KEY=VALUE,…', help: 'What the resource has: project_id=…,user_id=…' },
    json: { help: 'For programs' },
  },
  examples: [
    ['skykeel policy list', 'All rules.'],
    ['skykeel policy list --user demo --project demo', 'What demo may do in project demo.'],
    ['skykeel policy check --user demo --project demo --rule os_compute_api:servers:delete', 'Whether, and why.'],
  ],
  async run(call) {
    const act = actOf('policy', acts, call.positionals)
    return act(call, await policyOf(call.loaded.config))
  },
}

async function policyOf({ policyFile }: Config): Promise<Policy> {
  const rules = servicesOf({ images: '', region: '' }).flatMap((service) => service.policies)
  return openPolicy(rules, policyFile === undefined ? {} : await readPolicies(policyFile))
}

async function list(call: Call, known: Policy): Promise<number> {
  const who = call.flags['user'] === undefined ? undefined : await subjectOf(call)
  const rules = [...known.rules.values()].map(({ name }) => {
    const may = who && known.allows(who, name, targetOf(call, who))
    return { name, check: known.checkOf(name), ...(may !== undefined && { may }) }
  })
  const width = Math.max(...rules.map(({ name }) => name.length)) + 2
  const line = ({ name, check: text, may }: (typeof rules)[number]) =>
    `${may === undefined ? '' : may ? 'yes  ' : 'no   '}${name.padEnd(width)}${text}`
  say(call.flags['json'] ? JSON.stringify(rules) : rules.map(line).join('\n'))
  return 0
}

async function check(call: Call, known: Policy): Promise<number> {
  const rule = call.flags['rule']
  if (rule === undefined) throw new StartupError('Which rule?', 'Name it by --rule; `skykeel policy list` shows all.')
  const who = await subjectOf(call)
  const reason = known.explain(who, rule, targetOf(call, who))
  if (!reason)
    throw new StartupError(`There is no rule ${rule}`, suggest(rule, [...known.rules.keys()], '`skykeel policy list` shows all.'))
  if (call.flags['json']) say(JSON.stringify({ user: who.userName, roles: who.roles, ...reason }))
  else
    say(
      [`${who.userName} ${reason.holds ? 'may' : 'may not'}, with the roles ${who.roles.join(', ') || '(none)'}`, ...linesOf(reason)].join(
        '\n',
      ),
    )
  return reason.holds ? 0 : mayNot
}

const linesOf = ({ text, holds, because }: Reason, depth = 1): string[] => [
  `${'  '.repeat(depth)}${holds ? 'yes' : 'no '}  ${text}`,
  ...because.flatMap((part) => linesOf(part, depth + 1)),
]

function targetOf({ flags }: Call, who: Subject): Target {
  const given = (flags['target'] ?? '').split(',').filter((pair) => pair !== '')
  const wrong = given.find((pair) => !/^[\w.]+=/.test(pair))
  if (wrong !== undefined) throw new StartupError(`--target: ${wrong} is no KEY=VALUE`, 'Try --target project_id=…')
  return given.length === 0 ? ownTarget(who) : Object.fromEntries(given.map((pair) => pair.split(/=(.*)/s).slice(0, 2)))
}

async function subjectOf({ flags, loaded: { config } }: Call): Promise<Subject> {
  const { user } = flags
  if (user === undefined) throw new StartupError('Who asks?', 'Name him by --user, and by --project, --domain or --system where he works.')
  const aim = aimOf(flags)
  try {
    return await withCloudDatabase(config, 'policy', ({ db }) =>
      subjectNamed(db, { user, userDomain: flags['user-domain'] ?? 'Default', ...(aim && { aim }) }),
    )
  } catch (error) {
    if (!(error instanceof Fault) || error.kind !== 'notFound') throw error
    throw new StartupError(error.message.replace(/\.$/, ''), 'Names are meant here, not ids.', { cause: error })
  }
}

function aimOf({ project, domain, system, 'project-domain': projectDomain = 'Default' }: Call['flags']): NamedSubject['aim'] {
  if ([project, domain, system].filter((aim) => aim !== undefined).length > 1)
    throw new StartupError('One works in one place at a time', 'Give one of --project, --domain and --system.')
  if (project !== undefined) return { project, projectDomain }
  if (domain !== undefined) return { domain }
  return system === undefined ? undefined : 'system'
}
