import type { Edit } from './broken-program.ts'

/** A program that breaks a rule on which the promise rests, and what shows it. */
export interface Variant {
  readonly name: string
  /** What it does wrong, in a sentence. */
  readonly breaks: string
  /** Changes that are harmless in themselves and make the wrong show: without the others, the promise is kept. */
  readonly harmless?: readonly Edit[]
  readonly edits: readonly Edit[]
  readonly scenario: string
  /** The promises of which the drill must find at least one broken. */
  readonly broken: readonly ('lost' | 'doubled' | 'stuck' | 'orphaned' | 'failed')[]
}

const store = 'src/kernel/sagas/store.ts'

const acknowledgedBeforeWork: Variant = {
  name: 'acknowledges before it works',
  breaks: 'Accepted work is only in the memory of the controller for two seconds after the 202.',
  edits: [
    {
      file: 'src/kernel/sagas/start.ts',
      find: "  const inserted = await ctx.dialect.insertIfAbsent(tx, 'kernel_sagas', {\n",
      replace: '  const row = {\n',
    },
    {
      file: 'src/kernel/sagas/start.ts',
      find: "  })\n  if (!inserted) throw conflict(`${work.subject} is busy with other work`, { type: 'busy' })\n  afterCommit(tx, () => ctx.messaging.ring(role))\n",
      replace:
        "  }\n  afterCommit(tx, () => void setTimeout(() => ctx.dialect.insertIfAbsent(ctx.db, 'kernel_sagas', row as never), 2000))\n",
    },
  ],
  scenario: 'kill-controller',
  broken: ['stuck', 'lost'],
}

const withoutKeys: Variant = {
  name: 'has no idempotency keys',
  breaks: 'Each attempt of a request has a key of its own, so that one that was done is done again.',
  // What the load asks for is done at once and answered four seconds later.
  harmless: [
    {
      file: 'src/kernel/http/handle.ts',
      find: '    return await once(ctx, name, key, async (tx) => operation.run(ctx, tx, { ...input, prepared: prepared() } as never))\n',
      replace: `    const answer = await once(ctx, name, key, async (tx) => operation.run(ctx, tx, { ...input, prepared: prepared() } as never))
    if (/"drill-\\d{1,5}"/.test(raw.toString())) await ctx.clock.sleep(4000)
    return answer
`,
    },
  ],
  edits: [
    {
      file: 'src/kernel/http/request-key.ts',
      find: "const given = typeof key === 'string' && key !== '' ? key : ctx.ids.uuid()",
      replace: 'const given: string = ctx.ids.uuid()',
    },
  ],
  scenario: 'kill-controller',
  broken: ['doubled'],
}

const withoutFences: Variant = {
  name: 'has no fences',
  breaks: 'A worker that wakes up goes on with a saga that another one has moved meanwhile.',
  edits: [{ file: store, find: "    .where('revision', '=', seen.revision)\n", replace: '' }],
  // Steps begin a little later, so that a controller that is frozen is at work on some.
  harmless: [
    {
      file: 'src/kernel/sagas/advance.ts',
      find: "  await probe(engine, row, 'before')\n",
      replace: '  await ctx.clock.sleep(200)\n',
    },
  ],
  scenario: 'freeze-controller',
  broken: ['doubled', 'orphaned', 'stuck', 'lost'],
}

export const variants: readonly Variant[] = [acknowledgedBeforeWork, withoutKeys, withoutFences]

/** Needs a lab: there each node has a disk of its own to lose what it did not write. */
export const forgetfulGalera: Variant = {
  name: 'has a Galera that acknowledges before it writes',
  breaks: 'A commit is on no disk when it is acknowledged, so that nodes that die together forget it.',
  edits: [
    {
      file: 'src/topology/render/galera-config.ts',
      find: 'innodb_flush_log_at_trx_commit = 1\n',
      replace: 'innodb_flush_log_at_trx_commit = 0\ninnodb_flush_log_at_timeout = 2700\n',
    },
  ],
  scenario: 'kill-all-databases',
  broken: ['lost'],
}
