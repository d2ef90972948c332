import { ports } from './ports.ts'

/** What a node must know at its start: how much of the disk below `home` must be free; and at its first one: where its data will be, whether it is the one that makes the cluster, and who else there is. */
export interface FirstBoot {
  readonly home: string
  readonly neededMb: number
  readonly data: string
  readonly isFirst: boolean
  readonly peers: readonly string[]
}

/**
 * A script that runs before each start of a node. Two empty nodes that start at once would make a cluster each, so all but the first
 * wait until some other node takes connections. A node with data knows its cluster. None starts on a full disk.
 */
export function firstBootScript({ home, neededMb, data, isFirst, peers }: FirstBoot): string {
  const head = `#!/bin/bash
# Written by skykeel from the topology. Runs before each start of RabbitMQ.
# A node without room would hold up whoever publishes on any node.
for _ in {1..120}; do
  free=$(df --output=avail --block-size=1MB ${home} | tail -1)
  [ "$free" -gt ${neededMb} ] && break
  sleep 1
done
[ "$free" -gt ${neededMb} ] || { echo "there are not ${neededMb} MB free for ${home}" >&2; exit 1; }
`
  if (isFirst || peers.length === 0) return `${head}# This node makes the cluster, so that it waits for nobody.\nexit 0\n`
  return `${head}# A node with data knows its cluster.
[ -d ${data} ] && exit 0
# Two empty nodes that start at once would make a cluster each. So this one waits for a node to join.
for _ in {1..150}; do
  for peer in ${peers.join(' ')}; do
    timeout 1 bash -c 'exec 3<>"/dev/tcp/$1/${ports.amqp}" && printf "AMQP\\0\\0\\x09\\x01" >&3 && read -r -N 1 -u 3' greet "$peer" 2>/dev/null && exit 0
  done
  sleep 2
done
echo "no other node of RabbitMQ answers on ${peers.join(', ')} port ${ports.amqp}" >&2
exit 1
`
}
