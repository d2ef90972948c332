/**
 * The mailboxes of the postgres driver, one statement each, harmless when run twice. PostgreSQL only.
 * `seq` orders a mailbox; `id` is the sender's and may occur twice. `attempts` counts deliveries and is the fencing token of a claim.
 * `lease_until` is until when nobody else may take the message; `claimed_by` the advisory lock that its receiver holds while it lives.
 * `json`, not `jsonb`: a body comes back as it was sent, and may hold \u0000.
 */
export const messageTables: readonly string[] = [
  `create table if not exists kernel_messages (
    seq bigint generated always as identity primary key,
    id text not null,
    mailbox text not null,
    body json not null,
    attempts integer not null default 0,
    lease_until timestamptz,
    claimed_by integer,
    created_at timestamptz not null default now()
  ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500)`,
  `create index if not exists kernel_messages_mailbox on kernel_messages (mailbox, seq)`,
]
