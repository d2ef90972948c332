import pg from 'pg'

// As the control plane's own pool reads them: bigint columns hold counters and sizes far below 2^53.
const types = { getTypeParser: (oid: number, format?: any) => (oid === 20 ? Number : pg.types.getTypeParser(oid, format)) }

/** Whether a session is for single statements, or always in a transaction: where one ends the next begins, at no cost. */
export type SessionKind = 'single' | 'transaction'

/** A real session of the database, lent to one connection at a time. */
export interface Session {
  readonly kind: SessionKind
  readonly client: pg.Client
  readonly pid: number
}

/** Real sessions for the connections of all simulated processes: a dead process's session is rolled back and lent again. */
export interface Sessions {
  take(kind?: SessionKind): Promise<Session>
  giveBack(session: Session): void
  /** The backends that keep this one waiting. */
  blockersOf(session: Session): Promise<readonly number[]>
  /** Ends the statement that runs. */
  cancel(session: Session): Promise<void>
  close(): Promise<void>
}

const statementNames = new Map<string, string>()

/** A statement's name on the server, so that each session parses it once. */
export function statementName(text: string): string {
  let name = statementNames.get(text)
  if (!name) statementNames.set(text, (name = `s${statementNames.size}`))
  return name
}

export async function openSessions(url: string): Promise<Sessions> {
  const all: Session[] = []
  const free = { single: [] as Session[], transaction: [] as Session[] }
  const open = async (kind: SessionKind): Promise<Session> => {
    const client = new pg.Client({ connectionString: url, types })
    client.on('error', () => {})
    await client.connect()
    await client.query("set timezone = 'UTC'; set deadlock_timeout = '10ms'; set default_transaction_isolation = 'read committed'")
    if (kind === 'transaction') await client.query('begin')
    const session = { kind, client, pid: (client as unknown as { processID: number }).processID }
    all.push(session)
    return session
  }
  const monitor = await open('single')
  return {
    take: async (kind = 'single') => free[kind].pop() ?? open(kind),
    giveBack: (session) => void free[session.kind].push(session),
    async blockersOf({ pid }) {
      const { rows } = await monitor.client.query({ name: 'blockers', text: 'select pg_blocking_pids($1) as pids', values: [pid] })
      return (rows[0] as { pids: number[] }).pids
    },
    cancel: async ({ pid }) => void (await monitor.client.query('select pg_cancel_backend($1)', [pid])),
    close: async () => void (await Promise.all(all.map(({ client }) => client.end()))),
  }
}
