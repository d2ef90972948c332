import type { Layout } from '../unit.ts'

/** Where a machine that runs systemd keeps things. */
export const systemLayout: Layout = {
  etc: '/etc/skykeel',
  lib: '/var/lib/skykeel',
  run: '/run/skykeel',
  log: '/var/log/skykeel',
  skykeel: '/usr/bin/skykeel',
}
