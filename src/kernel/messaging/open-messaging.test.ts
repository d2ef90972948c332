import { expect, test } from 'vitest'
import { quietLog } from '../../../test/helpers/quiet-log.ts'
import { systemClock, systemIds } from '../clock.ts'
import { openMessaging } from './open-messaging.ts'

const open = (url: string) => openMessaging({ url, log: quietLog, clock: systemClock, ids: systemIds })

test.each(['mysql://u:secret@host/db', 'mariadb://u:secret@host/db'])('%s: says that MariaDB needs a queue beside it', async (url) => {
  await expect(open(url)).rejects.toThrow(/MariaDB and MySQL can not be the message queue.*amqp:/)
})

test.each(['http://u:secret@host', 'host', ''])('%s: says which URLs there are, and no secret', async (url) => {
  const refusal = await open(url).catch((error: Error) => error)
  expect(refusal).toBeInstanceOf(Error)
  expect((refusal as Error).message).toContain('amqp://… or postgres://…')
  expect((refusal as Error).message).not.toContain('secret')
})
