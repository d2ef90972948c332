/** A prepared statement of the postgres driver. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** The first half of the two-part advisory lock keys by which receivers show that they live: "skyk" in ASCII, as a signed integer. */
export const lockClass = 0x736b796b

/** Bells and arrivals travel on these; the payload is the role or the mailbox. */
export const bellChannel = 'skykeel_bell'
export const mailChannel = 'skykeel_mail'

/** Never `select 1` as proof of health: it passes on a standby. */
export const askWritable: Statement = {
  name: 'skykeel_writable',
  text: `select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off' as writable`,
}

/** Shared, so that it is never waited for: a lost connection may still hold it for a while. $1 lock */
export const showLife: Statement = { name: 'skykeel_show_life', text: `select pg_advisory_lock_shared(${lockClass}, $1::integer)` }

/** $1 roles */
export const ringBells: Statement = { name: 'skykeel_ring', text: `select pg_notify('${bellChannel}', role) from unnest($1::text[]) role` }

/** $1 ids, $2 mailboxes, $3 bodies */
export const insertMessages: Statement = {
  name: 'skykeel_send',
  text: `with sent as (
      insert into kernel_messages (id, mailbox, body)
      select id, mailbox, body::json from unnest($1::text[], $2::text[], $3::text[]) with ordinality as m (id, mailbox, body, place) order by place
      returning mailbox)
    select pg_notify('${mailChannel}', mailbox) from (select distinct mailbox from sent) arrived`,
}

/**
 * Claims for many receivers at once. Free are messages never taken, those whose lease has ended, and those whose receiver no longer
 * holds its lock: its connection is gone. `skip locked` only thins contention; `attempts` decides who has a message.
 * $1 mailboxes, $2 how many of each, $3 lease in ms, $4 our lock
 */
export const claimMessages: Statement = {
  name: 'skykeel_claim',
  text: `with alive as materialized (
      select objid::bigint as lock from pg_locks where locktype = 'advisory' and classid = ${lockClass} and objsubid = 2),
    free as (
      select wanted.place, found.seq, found.attempts
      from unnest($1::text[], $2::integer[]) with ordinality as wanted (mailbox, slots, place)
      cross join lateral (
        select seq, attempts from kernel_messages m
        where m.mailbox = wanted.mailbox
          and (m.lease_until is null or m.lease_until <= now()
            or (m.claimed_by <> $4::integer and m.claimed_by not in (select lock from alive)))
        order by seq limit wanted.slots
        for update skip locked) found)
    update kernel_messages m
    set attempts = m.attempts + 1, lease_until = now() + $3::integer * interval '1 ms', claimed_by = $4::integer
    from free where m.seq = free.seq and m.attempts = free.attempts
    returning (free.place - 1)::integer as place, m.seq, m.id, m.body, m.attempts`,
}

/** $1 seqs, $2 attempts, $3 lease in ms */
export const renewLeases: Statement = {
  name: 'skykeel_renew',
  text: `update kernel_messages m set lease_until = now() + $3::integer * interval '1 ms'
    from unnest($1::bigint[], $2::integer[]) as held (seq, attempts) where m.seq = held.seq and m.attempts = held.attempts`,
}

/** $1 seqs, $2 attempts */
export const deleteHandled: Statement = {
  name: 'skykeel_ack',
  text: `delete from kernel_messages m using unnest($1::bigint[], $2::integer[]) as held (seq, attempts)
    where m.seq = held.seq and m.attempts = held.attempts`,
}

/** Not to be delivered again before a pause. $1 seq, $2 attempts, $3 pause in ms */
export const giveBack: Statement = {
  name: 'skykeel_give_back',
  text: `update kernel_messages set claimed_by = null, lease_until = now() + $3::integer * interval '1 ms' where seq = $1 and attempts = $2`,
}

/** $1 seq, $2 attempts, $3 the mailbox of the dead */
export const bury: Statement = {
  name: 'skykeel_bury',
  text: `with buried as (
      update kernel_messages set mailbox = $3, attempts = 0, lease_until = null, claimed_by = null where seq = $1 and attempts = $2 returning mailbox)
    select pg_notify('${mailChannel}', mailbox) from buried`,
}
