import { route } from '../../cloud/service.ts'
import { ok } from '../../kernel/http/answer.ts'
import { schemaDocuments } from './documents.ts'

export const schemaRoutes = [
  route('GET /v2/schemas/image', { rule: 'get_images', run: () => ok(schemaDocuments.image) }),
  route('GET /v2/schemas/images', { rule: 'get_images', run: () => ok(schemaDocuments.images) }),
  route('GET /v2/schemas/member', { rule: 'get_images', run: () => ok(schemaDocuments.member) }),
  route('GET /v2/schemas/members', { rule: 'get_images', run: () => ok(schemaDocuments.members) }),
  route('GET /v2/schemas/task', { rule: 'get_images', run: () => ok(schemaDocuments.task) }),
  route('GET /v2/schemas/tasks', { rule: 'get_images', run: () => ok(schemaDocuments.tasks) }),
]
