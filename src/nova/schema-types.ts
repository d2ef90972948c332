import { Type, type TSchema } from 'typebox'

/** Text that shows on a screen and neither begins nor ends with a blank. */
export const namePattern = '^(?! )[^\\u0000-\\u001f\\u007f-\\u009f]+(?<! )$'

export const Name = Type.String({ minLength: 1, maxLength: 255, pattern: namePattern })

/** An integer, or its digits as text: nova takes both. Read it by `Number`. */
export const Count = (minimum: number, maximum = 2_147_483_647) =>
  Type.Unsafe<number | string>({
    type: ['integer', 'string'],
    pattern: minimum < 0 ? '^-?[0-9]+$' : '^[0-9]+$',
    minLength: 1,
    maxLength: 20,
    minimum,
    maximum,
  })

const truths = ['true', '1', 'yes', 'on']

/** True or false, or one of the words that nova takes for them. Read it by `isTrue`. */
export const Flag = Type.Unsafe<boolean | string>({
  type: ['boolean', 'string'],
  enum: [
    true,
    false,
    ...[...truths, 'false', '0', 'no', 'off'].flatMap((word) => [
      ...new Set([word, word.toUpperCase(), word[0]!.toUpperCase() + word.slice(1)]),
    ]),
  ],
})

export const isTrue = (value: boolean | string): boolean => value === true || truths.includes(String(value).toLowerCase())

/** Digits in a query: a limit. */
export const Digits = Type.String({ pattern: '^[0-9]*$', maxLength: 19 })

/** `{ [name]: schema }` and nothing else: the envelope of nova's bodies. */
export const inEnvelope = <N extends string, S extends TSchema>(name: N, schema: S) =>
  Type.Object({ [name]: schema } as Record<N, S>, { additionalProperties: false })
