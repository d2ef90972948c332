import pg from 'pg'
import { timeOf } from './measure.ts'
import { createActive, logIn, makeRoom } from './user.ts'
import { openWorld, password } from './world.ts'
import type { Figure } from './figure.ts'

const many = 100_000

/** How the time of an act grows from a hundred servers to a hundred thousand. */
export async function flat(): Promise<Figure[]> {
  const world = await openWorld()
  try {
    const [admin, user] = [await logIn(world.url, 'admin', password), await logIn(world.url, 'demo', password)]
    const aServer = await makeRoom(admin, user)
    for (let i = 0; i < 100; i++) await createActive(user, aServer(`s${i}`))
    const acts = async () => {
      const { id } = await createActive(user, aServer('shown'))
      const made: string[] = []
      const create = await timeOf(60, async (turn) =>
        made.push((await user.call('POST', '/compute/v2.1/servers', aServer(`new${turn}`))).server.id),
      )
      const list = await timeOf(60, () => user.call('GET', '/compute/v2.1/servers/detail?limit=20'))
      const show = await timeOf(60, () => user.call('GET', `/compute/v2.1/servers/${id}`))
      return { create, list, show }
    }
    await acts()
    const few = await acts()
    await multiply(world.postgres.url)
    await acts()
    const lots = await acts()
    return (['create', 'list', 'show'] as const).map((act) => ({
      name: `${act} with ${many} servers, to 100`,
      value: lots[act] / few[act],
      unit: '',
      atMost: 1.5,
      note: `${lots[act].toFixed(1)} ms against ${few[act].toFixed(1)} ms`,
    }))
  } finally {
    await world.close()
  }
}

/** Copies servers in SQL until there are many; they have everything that a list looks at. */
async function multiply(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ column_name: string }>(
      "select column_name from information_schema.columns where table_name = 'nova_servers' order by ordinal_position",
    )
    const names = rows.map((row) => row.column_name)
    const values: Record<string, string> = {
      id: 'gen_random_uuid()::text',
      name: "'copy-' || n",
      created_at: "created_at - n * interval '1 second'",
    }
    const list = names.map((name) => values[name] ?? `"${name}"`).join(', ')
    const one = "(select * from nova_servers where not deleted and vm_state = 'active' limit 1) s"
    await client.query(
      `insert into nova_servers (${names.map((name) => `"${name}"`).join(', ')}) select ${list} from ${one}, generate_series(1, ${many}) n`,
    )
    await client.query('vacuum analyze')
  } finally {
    await client.end()
  }
}
