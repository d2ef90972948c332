import { fill } from './fill.ts'
import { durationOf, median, quantile } from './measure.ts'
import { logIn, type User } from './user.ts'
import { openWorld, password, type World } from './world.ts'
import type { Figure } from './figure.ts'

const few = 100
const many = 1_000_000
const userAt = (turn: number): string => `user-${(turn % few) + 1}`

/** How the time of what keystone does grows from a hundred users to a million. */
export async function accounts(): Promise<Figure[]> {
  const worlds: World[] = []
  const openWith = async (users: number) => {
    const world = await openWorld()
    worlds.push(world)
    await fill(world.postgres.url, rows(users))
    return actsIn(world)
  }
  try {
    const [small, large] = [await openWith(few), await openWith(many)]
    const validate = await compare(small.validate, large.validate, 1500)
    const figures = [
      { name: 'a token validated, p99', ...ratioOf(validate, (took) => quantile(took, 0.99)), atMost: 1.5 },
      { name: 'a token validated, p50', ...ratioOf(validate, median) },
    ]
    for (const [name, act, times] of [
      ['log-in by password, p50', 'logIn', 60],
      ['a user found by name, p50', 'find', 200],
      ['a page of 20 users, p50', 'page', 200],
      ['roles of one user, p50', 'roles', 200],
    ] as const)
      figures.push({ name, ...ratioOf(await compare(small[act], large[act], times), median) })
    return figures.map((figure) => ({ unit: '', ...figure, name: `${figure.name}, ${many} users to ${few}` }))
  } finally {
    for (const world of worlds) await world.close()
  }
}

type Act = (turn: number) => Promise<unknown>
type Times = Record<'small' | 'large', number[]>

/** The times of an act in both worlds, in milliseconds; in turn, so that what disturbs the machine disturbs both. */
async function compare(small: Act, large: Act, times: number): Promise<Times> {
  const took: Times = { small: [], large: [] }
  for (let turn = 0; turn < few; turn++) await Promise.all([small(turn), large(turn)])
  for (let turn = 0; turn < times; turn++) {
    took.small.push(await durationOf(() => small(turn)))
    took.large.push(await durationOf(() => large(turn)))
  }
  return took
}

function ratioOf({ small, large }: Times, of: (took: readonly number[]) => number): Pick<Figure, 'value' | 'note'> {
  return { value: of(large) / of(small), note: `${of(large).toFixed(1)} ms against ${of(small).toFixed(1)} ms` }
}

async function actsIn({ url }: World) {
  const admin = await logIn(url, 'admin', password)
  const users: User[] = []
  for (let turn = 0; turn < 20; turn++) users.push(await logIn(url, userAt(turn), password, 'project-1'))
  const { users: found } = await admin.call('GET', `/identity/v3/users?name=${userAt(0)}`)
  const get = (path: string, more = {}) => admin.call('GET', `/identity/v3/${path}`, undefined, more)
  return {
    validate: (turn: number) => get('auth/tokens', { 'x-subject-token': users[turn % users.length]!.token }),
    logIn: (turn: number) => logIn(url, userAt(turn), password, 'project-1'),
    find: (turn: number) => get(`users?name=${userAt(turn)}`),
    page: () => get('users?limit=20'),
    roles: () => get(`role_assignments?user.id=${found[0].id}&include_names`),
  }
}

/** So many users like demo, each with a role in the project that he shares with 99 others. */
function rows(users: number): string[] {
  const id = (kind: string, number: string) => `md5('${kind} ' || ${number})`
  const numbers = `generate_series(1, ${users}) n`
  const projects = `generate_series(1, ${users / 100}) n`
  const demo = "(select * from keystone_users where name = 'demo' and domain_id = 'default') u"
  const demos = "(select * from keystone_projects where name = 'demo' and domain_id = 'default') p"
  return [
    `insert into keystone_users (id, domain_id, name, enabled, default_project_id, password_hash, token_epoch, options_json, extra_json,
       password_set_at, password_expires_at, password_is_own, last_active_on)
     select ${id('user', 'n')}, domain_id, 'user-' || n, enabled, null, password_hash, token_epoch, options_json, extra_json,
       password_set_at, password_expires_at, password_is_own, last_active_on from ${demo}, ${numbers}`,
    `insert into keystone_projects (id, domain_id, name, parent_id, is_domain, enabled, description, options_json, extra_json)
     select ${id('project', 'n')}, domain_id, 'project-' || n, parent_id, is_domain, enabled, description, options_json, extra_json
     from ${demos}, ${projects}`,
    `insert into keystone_project_ancestors (project_id, ancestor_id, distance)
     select ${id('project', 'n')}, a.ancestor_id, a.distance from ${demos} join keystone_project_ancestors a on a.project_id = p.id, ${projects}`,
    `insert into keystone_assignments (actor_id, target_id, role_id, inherited, actor_type, target_type)
     select ${id('user', 'n')}, ${id('project', '(n + 99) / 100')}, r.id, false, 'user', 'project'
     from (select id from keystone_roles where name = 'member' and domain_id = '') r, ${numbers}`,
  ]
}
