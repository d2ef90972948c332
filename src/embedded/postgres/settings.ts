/** Settings as PostgreSQL names them. */
export type Settings = Readonly<Record<string, string>>

// A cloud's tables fit into 32 MB; no worker that would idle, no replica, no parallel query. 27 MB for all processes at rest.
const small: Settings = {
  max_connections: '100',
  shared_buffers: '32MB',
  min_wal_size: '32MB',
  max_wal_size: '256MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  io_method: 'sync',
  jit: 'off',
  huge_pages: 'off',
}

const local: Settings = {
  listen_addresses: '127.0.0.1',
  // In the data directory, which is the server's working directory and closed to all others.
  unix_socket_directories: '.',
  unix_socket_permissions: '0700',
  // Files in the data directory, so that a killed server leaves nothing in /dev/shm (64 MB in a container).
  dynamic_shared_memory_type: 'mmap',
}

const patience: Settings = {
  tcp_keepalives_idle: '30',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  // A query whose client is gone ends, and with it its locks.
  client_connection_check_interval: '2s',
}

// Its log is for its own life. Errors of statements go to whoever sent them; here they would only fill the disk, and hold values.
const quiet: Settings = { log_min_messages: 'log', log_min_error_statement: 'panic', log_checkpoints: 'off', log_line_prefix: '%m [%p] ' }

// Commits still go to the kernel before they are confirmed (synchronous_commit stays on): so kill -9 of everything loses nothing either.
const careless: Settings = { fsync: 'off', full_page_writes: 'off' }

/** The command line's arguments for these settings; `durable: false` is for tests, where a loss of power loses nothing of worth. */
export function serverArguments({
  port,
  clusterName,
  durable,
  settings,
}: {
  port: number
  clusterName: string
  durable: boolean
  settings: Settings
}): string[] {
  const all = {
    ...small,
    ...local,
    ...patience,
    ...quiet,
    ...(durable ? {} : careless),
    ...settings,
    port: String(port),
    cluster_name: clusterName,
  }
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
