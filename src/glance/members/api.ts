import { route } from '../../cloud/service.ts'
import { noContent, ok } from '../../kernel/http/answer.ts'
import { addMember, changeMember, listMembers, removeMember, showMember } from './members.ts'
import { AddMember, ChangeMember } from './schema.ts'
import { viewMember, viewMembers } from './view.ts'

export const memberRoutes = [
  route('GET /v2/images/:imageId/members', {
    rule: 'get_members',
    run: async (ctx, db, { params }) => ok(viewMembers(await listMembers(ctx, db, params.imageId))),
  }),
  route('POST /v2/images/:imageId/members', {
    rule: 'add_member',
    body: AddMember,
    run: async (ctx, tx, { params, body }) => ok(viewMember(await addMember(ctx, tx, { ...params, memberId: body.member }))),
  }),
  route('GET /v2/images/:imageId/members/:memberId', {
    rule: 'get_member',
    run: async (ctx, db, { params }) => ok(viewMember(await showMember(ctx, db, params))),
  }),
  route('PUT /v2/images/:imageId/members/:memberId', {
    // Who is a member is known by the image only, so the rule proper is asked there.
    rule: 'get_member',
    body: ChangeMember,
    run: async (ctx, tx, { params, body }) => ok(viewMember(await changeMember(ctx, tx, { ...params, status: body.status }))),
  }),
  route('DELETE /v2/images/:imageId/members/:memberId', {
    rule: 'delete_member',
    async run(ctx, tx, { params }) {
      await removeMember(ctx, tx, params)
      return noContent()
    },
  }),
]
