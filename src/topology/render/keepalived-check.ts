/**
 * What keepalived asks each second: may this balancer hold the address? `healthPort` is where HAProxy on this machine tells it.
 * Runs no other program: each second, on every balancer, that would be most of what an idle one does.
 */
export const checkScript = (healthPort: number): string => `#!/bin/bash
# Whether this balancer may hold the address. Prints nothing; the exit code is the answer.
# Written by skykeel from the topology.

# The status of a real GET, or nothing when there is no answer within a second. Ends all of it when nobody listens.
ask() {
  code=
  exec 3<>/dev/tcp/127.0.0.1/${healthPort}
  printf 'GET /address HTTP/1.0\\r\\n\\r\\n' >&3
  read -r -t 1 _ code _ <&3
  exec 3>&-
}

ask 2>/dev/null
[ "$code" = 200 ] && exit 0
# HAProxy works, but goes on with what it was started with before an upgrade, and does not know the question yet.
[ "$code" = 404 ] && exit 0
# HAProxy doesn't answer: another balancer must.
[ "$code" = 503 ] || exit 1
# When the database hesitates, all lose sight of their controllers, and see them again, but not at one moment. Connections
# would break for a difference that is gone a second later.
sleep 1
ask 2>/dev/null
[ "$code" = 200 ]
`
