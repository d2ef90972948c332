import { expect, test } from 'vitest'
import { joinedReads } from './joined-reads.ts'
import type { Db } from './tables.ts'

/** Reads that end when they are told to, each with its number. */
function slowReads() {
  const ends: ((fail?: boolean) => void)[] = []
  const read = () =>
    new Promise<number>((resolve, reject) => {
      const number = ends.length + 1
      ends.push((fail) => (fail ? reject(new Error(`read ${number} fails`)) : resolve(number)))
    })
  return { ends, read }
}

const pool = () => ({}) as Db
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('those who ask while a read runs share the next one', async () => {
  const { ends, read } = slowReads()
  const join = joinedReads<number>()
  const db = pool()
  const first = join(db, 'a', read)
  const others = [join(db, 'a', read), join(db, 'a', read)]
  expect(ends).toHaveLength(1)
  ends[0]!()
  expect(await first).toBe(1)
  await turn()
  expect(ends).toHaveLength(2)
  ends[1]!()
  expect(await Promise.all(others)).toEqual([2, 2])
})

test('a read never begins before it was asked for', async () => {
  const { ends, read } = slowReads()
  const join = joinedReads<number>()
  const db = pool()
  void join(db, 'a', read)
  const second = join(db, 'a', read)
  ends[0]!()
  await turn()
  const third = join(db, 'a', read)
  ends[1]!()
  await turn()
  ends[2]!()
  expect(await Promise.all([second, third])).toEqual([2, 3])
})

test('a read that fails fails for those who share it only', async () => {
  const { ends, read } = slowReads()
  const join = joinedReads<number>()
  const db = pool()
  const first = join(db, 'a', read)
  const second = join(db, 'a', read)
  ends[0]!(true)
  await expect(first).rejects.toThrow('read 1 fails')
  await turn()
  ends[1]!()
  expect(await second).toBe(2)
})

test('other keys and other pools have reads of their own', async () => {
  const { ends, read } = slowReads()
  const join = joinedReads<number>()
  const db = pool()
  const all = [join(db, 'a', read), join(db, 'b', read), join(pool(), 'a', read)]
  expect(ends).toHaveLength(3)
  for (const end of ends) end()
  expect(await Promise.all(all)).toEqual([1, 2, 3])
})
