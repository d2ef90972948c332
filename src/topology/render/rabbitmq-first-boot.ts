import { ports } from './ports.ts'

/** What a node must know at its first start: where its data will be, whether it is the one that makes the cluster, and who else there is. */
export interface FirstBoot {
  readonly data: string
  readonly isFirst: boolean
  readonly peers: readonly string[]
}

/**
 * A script that runs before each start of a node. Two empty nodes that start at once would make a cluster each, so all but the first
 * wait until some other node takes connections. A node with data knows its cluster and starts at once.
 */
export function firstBootScript({ data, isFirst, peers }: FirstBoot): string {
  const head = '#!/bin/bash\n# Written by skykeel from the topology. Runs before each start of RabbitMQ.\n'
  if (isFirst || peers.length === 0) return `${head}# This node makes the cluster, so that it waits for nobody.\nexit 0\n`
  return `${head}# A node with data knows its cluster.
[ -d ${data} ] && exit 0
# Two empty nodes that start at once would make a cluster each. So this one waits for a node to join.
for _ in {1..300}; do
  for peer in ${peers.join(' ')}; do
    timeout 1 bash -c 'exec 3<>"/dev/tcp/$1/${ports.amqp}" && printf "AMQP\\0\\0\\x09\\x01" >&3 && read -r -N 1 -u 3' greet "$peer" 2>/dev/null && exit 0
  done
  sleep 1
done
echo "no other node of RabbitMQ answers on ${peers.join(', ')} port ${ports.amqp}" >&2
exit 1
`
}
