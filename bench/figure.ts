/** One measured figure, and what it must reach. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly atLeast?: number
  readonly atMost?: number
  readonly note?: string
}

export const isReached = ({ value, atLeast = -Infinity, atMost = Infinity }: Figure): boolean => value >= atLeast && value <= atMost

/** One line for people. */
export function lineOf(figure: Figure): string {
  const { name, value, unit, atLeast, atMost, note } = figure
  const wanted = [atLeast !== undefined && `at least ${atLeast}`, atMost !== undefined && `at most ${atMost}`].filter(Boolean).join(', ')
  const number = value >= 100 ? value.toFixed(0) : value.toFixed(2)
  return `${isReached(figure) ? ' ok ' : 'MISS'}  ${name.padEnd(48)} ${`${number}${unit}`.padStart(10)}  ${wanted ? `(${wanted}${unit})` : ''}${note ? `  ${note}` : ''}`
}
