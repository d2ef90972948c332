import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureClass, isDuplicate } from './failures.ts'
import { parseDatabaseUrl } from './hosts.ts'

describe('a database URL', () => {
  test.each([
    ['postgresql://u:p@db/x', { family: 'postgres', hosts: [{ host: 'db', port: 5432 }], user: 'u', password: 'p', database: 'x' }],
    [
      'postgres://db:6000/x?sslmode=off',
      { family: 'postgres', hosts: [{ host: 'db', port: 6000 }], user: '', password: '', database: 'x' },
    ],
    [
      'mysql://u@a,b:3307/x',
      {
        family: 'mysql',
        hosts: [
          { host: 'a', port: 3306 },
          { host: 'b', port: 3307 },
        ],
        user: 'u',
        password: '',
        database: 'x',
      },
    ],
    ['mariadb://u:%40%3A%2F@[::1]:1/x', { family: 'mysql', hosts: [{ host: '::1', port: 1 }], user: 'u', password: '@:/', database: 'x' }],
    [
      'postgres://u@%2Frun%2Fpostgresql/x',
      { family: 'postgres', hosts: [{ host: '/run/postgresql', port: 5432 }], user: 'u', password: '', database: 'x' },
    ],
  ])('%s is read', (url, parts) => {
    expect(parseDatabaseUrl(url)).toEqual(parts)
  })

  test('that can not be read is refused without its password', () => {
    for (const url of ['', 'sqlite://u:secret@a/x', 'postgres://u:secret@a', 'postgres:u:secret@/x'])
      expect(() => parseDatabaseUrl(url)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret') }))
  })

  test('keeps any user, password and database that are percent-encoded', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1 })
    fc.assert(
      fc.property(word, word, word, (user, password, database) => {
        const url = `mysql://${[user, password].map(encodeURIComponent).join(':')}@a/${encodeURIComponent(database)}`
        expect(parseDatabaseUrl(url)).toMatchObject({ user, password, database })
      }),
    )
  })
})

describe('a failure', () => {
  test.each([
    [{ code: '40P01' }, 'retry'],
    [{ errno: 1213, code: 'ER_LOCK_DEADLOCK' }, 'retry'],
    [{ code: '08006' }, 'unusable'],
    [{ code: 'ECONNRESET' }, 'unusable'],
    [{ message: 'timeout expired' }, 'unusable'],
    [{ code: '53100' }, 'elsewhere'],
    [{ errno: 1114, code: 'ER_RECORD_FILE_FULL' }, 'elsewhere'],
    [{ errno: 1021, code: 'ER_DISK_FULL' }, 'elsewhere'],
    [{ errno: 1030, code: 'ER_GET_ERRNO', message: 'Got error 28 "No space left on device" from storage engine' }, 'elsewhere'],
    [{ errno: 1030, code: 'ER_GET_ERRNO', message: 'Got error 1 from storage engine' }, 'final'],
    [{ errno: 1047 }, 'elsewhere'],
    [{ code: '22001' }, 'value'],
    [{ code: '23505', constraint: 'a_key' }, 'duplicate'],
    [{ errno: 1452 }, 'reference'],
    [{ code: '42P01' }, 'final'],
  ])('%j is %s', (parts, kind) => {
    expect(failureClass(Object.assign(new Error('x'), parts))).toBe(kind)
  })

  test('of all hosts at once is an outage when one of them may be well later, else that of the first', () => {
    const [strange, gone] = [new Error('odd'), Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]
    expect(failureClass(new AggregateError([strange, gone]))).toBe('unusable')
    expect(failureClass(new AggregateError([strange, strange]))).toBe('final')
    expect(failureClass(new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]))).toBe('unusable')
    expect(failureClass('text')).toBe('final')
  })

  test('names the key that it is about', () => {
    const error = Object.assign(new Error("Duplicate entry 'x' for key 'a_key'"), { errno: 1062 })
    expect(isDuplicate(error)).toBe(true)
    expect(isDuplicate(error, 'a_key')).toBe(true)
    expect(isDuplicate(error, 'other_key')).toBe(false)
    expect(isDuplicate(new Error('x'))).toBe(false)
  })
})
