import { route } from '../../cloud/service.ts'
import { okFresh } from '../answers.ts'
import { findCandidates } from './find.ts'
import { readQuery } from './read-query.ts'
import { viewCandidates } from './view.ts'

/** Where something could be had. */
export const allocationCandidates = [
  route('GET /allocation_candidates', {
    rule: 'placement:allocation_candidates:list',
    since: '1.10',
    run: async (ctx, db) => {
      const request = readQuery(ctx)
      return okFresh(ctx, viewCandidates(ctx, request, await findCandidates(ctx, db, request)))
    },
  }),
]
