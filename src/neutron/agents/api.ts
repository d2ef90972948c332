import { route } from '../../cloud/service.ts'
import { notFound } from '../../kernel/errors.ts'
import { ok } from '../../kernel/http/answer.ts'

/** There are no agents: what they do for real networks, nobody has to do here. */
export const agents = [
  route('GET /v2.0/agents', { rule: 'get_agent', run: () => ok({ agents: [] }) }),
  route('GET /v2.0/agents/:id', {
    rule: 'get_agent',
    run: (_ctx, _db, { params }) => {
      throw notFound(`Agent ${params.id} could not be found`, { type: 'AgentNotFound' })
    },
  }),
]
