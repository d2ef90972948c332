import { sql } from 'kysely'
import { addColumn } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const silentServices: Migration = {
  name: '0011-silent-services',
  async up(db, t, dialect) {
    await addColumn(db, dialect, 'nova_services', 'beats', { type: sql.raw('bigint'), defaultTo: 0 })
    await addColumn(db, dialect, 'nova_services', 'silent', { type: t.flag, defaultTo: false })
  },
}
