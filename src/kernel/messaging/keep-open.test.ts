import { expect, test } from 'vitest'
import { quietLog } from '../../../test/helpers/quiet-log.ts'
import { systemClock, systemIds } from '../clock.ts'
import { keepOpen, type Session } from './keep-open.ts'

test('a connection that opens while it is closed is dropped, and closing comes to its end', async () => {
  const [asked, opening] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const ended = Promise.withResolvers<Error>()
  const session: Session = { ended: ended.promise, drop: ended.resolve, check: async () => {}, end: async () => {} }
  let ups = 0
  const kept = keepOpen({
    name: 'late',
    urls: ['postgres://late'],
    open: async () => {
      asked.resolve()
      await opening.promise
      return session
    },
    onUp: () => ups++,
    clock: systemClock,
    ids: systemIds,
    log: quietLog,
  })
  await asked.promise
  const closed = kept.close()
  opening.resolve()
  await closed
  expect(await ended.promise).toEqual(new Error('closed'))
  expect([ups, kept.current()]).toEqual([0, undefined])
})
