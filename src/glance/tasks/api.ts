import { route } from '../../cloud/service.ts'
import { created, ok } from '../../kernel/http/answer.ts'
import { methodNotAllowed } from '../../kernel/errors.ts'
import { visibleImage } from '../images/visible.ts'
import { createTask } from './create.ts'
import { listTasks, visibleTask } from './list.ts'
import { TaskBody } from './schema.ts'
import { tasksOfImage } from './store.ts'
import { viewTask, viewTaskOfImage, viewTasks } from './view.ts'
import type { Route } from '../../kernel/http/route.ts'
import type { Imports } from '../imports/imports.ts'

const notDeletable =
  'This operation is currently not permitted on Glance Tasks. They are auto deleted after reaching the time based on their expires_at property.'

export const taskRoutes = (imports: Imports): readonly Route[] => [
  route('GET /v2/tasks', {
    rule: 'tasks_api_access',
    async run(ctx, db) {
      const page = await listTasks(ctx, db)
      return ok(viewTasks(page.tasks, page))
    },
  }),
  route('POST /v2/tasks', {
    rule: 'tasks_api_access',
    body: TaskBody,
    async run(ctx, tx, { body }) {
      const task = await createTask(ctx, tx, { type: body.type, input: body.input ?? {}, imports })
      return created(viewTask(task), { location: `${ctx.request.baseUrl}/v2/tasks/${task.id}` })
    },
  }),
  route('GET /v2/tasks/:id', {
    rule: 'tasks_api_access',
    run: async (ctx, db, { params }) => ok(viewTask(await visibleTask(ctx, db, params.id))),
  }),
  route('DELETE /v2/tasks/:id', {
    rule: 'tasks_api_access',
    run() {
      throw methodNotAllowed(notDeletable, { headers: { allow: 'GET' } })
    },
  }),
  route('GET /v2/images/:id/tasks', {
    rule: 'get_image',
    async run(ctx, db, { params }) {
      const { image } = await visibleImage(ctx, db, params.id)
      return ok({ tasks: (await tasksOfImage(db, image.id)).map(viewTaskOfImage) })
    },
  }),
]
