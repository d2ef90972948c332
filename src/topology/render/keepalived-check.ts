/** Who else listens in this cloud, and so can tell a machine that it is not alone. */
export interface Witness {
  readonly address: string
  readonly port: number
}

/**
 * What keepalived asks each second: may this balancer hold the address? `healthPort` is where each balancer tells whether it sees a controller;
 * `witnesses` tell whether this machine is alone, and are not asked where there are none.
 */
export const checkScript = ({
  peers,
  witnesses,
  healthPort,
}: {
  peers: readonly string[]
  witnesses: readonly Witness[]
  healthPort: number
}): string => `#!/bin/bash
# Whether this balancer may hold the address. Prints nothing; the exit code is the answer.
# Written by skykeel from the topology.

# The status of a real GET, or nothing when there is no answer within a second.
status() {
  timeout 1 bash -c '
    exec 3<>"/dev/tcp/$1/${healthPort}"
    printf "GET /health HTTP/1.0\\r\\n\\r\\n" >&3
    read -r _ code _ <&3
    echo "$code"
  ' status "$1" 2>/dev/null
}
${witnesses.length > 0 ? aloneCheck(witnesses) : ''}
here=$(status 127.0.0.1)
[ "$here" = 200 ] && exit 0
# HAProxy doesn't answer: another balancer must.
[ "$here" = 503 ] || exit 1
# It sees no controller. If another one does, the address is better there. If nobody does, it stays: requests then wait here
# until a controller is back.
# The first that does is enough: nobody waits for one that is frozen.
another() {
  for peer in ${peers.join(' ')}; do status "$peer" & done | grep -qx 200
}
another || exit 0
# When the database hesitates, all lose sight of their controllers, and see them again, but not at one moment. Connections
# would break for a difference that is gone a second later.
sleep 1
[ "$(status 127.0.0.1)" = 503 ] && another && exit 1
exit 0
`

const aloneCheck = (witnesses: readonly Witness[]): string => `
# Nobody else in the cloud hears this machine, or it hears nobody: the address would lead clients astray here, and in a cut that
# goes one way its advertisements would keep the others from taking it.
alone() {
  for witness in ${witnesses.map(({ address, port }) => `${address}/${port}`).join(' ')}; do
    timeout 0.5 bash -c 'exec 3<>"/dev/tcp/$1"' connect "$witness" 2>/dev/null && return 1
  done
  return 0
}
alone && exit 1
`
