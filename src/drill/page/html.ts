/** Text as it may stand in HTML. */
export const escaped = (text: string | number): string => String(text).replaceAll(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

export interface Column<T> {
  readonly head: string
  /** Numbers stand to the right. */
  readonly cell: (row: T) => string | number
}

/** A table with a caption. Cells are escaped here. */
export function table<T>(caption: string, columns: readonly Column<T>[], rows: readonly T[]): string {
  const cell = (value: string | number) => (typeof value === 'number' ? `<td class="n">${count(value)}</td>` : `<td>${escaped(value)}</td>`)
  const head = columns.map(({ head }) => `<th scope="col">${escaped(head)}</th>`).join('')
  const body = rows.map((row) => `<tr>${columns.map((column) => cell(column.cell(row))).join('')}</tr>`).join('\n')
  return `<div class="wide"><table><caption>${escaped(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** 12345 as 12 345, with thin spaces. */
export const count = (value: number): string => String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, '\u2009')

/** Milliseconds as people say them: 340 ms, 2.4 s, 3 min. */
export function span(ms: number | null): string {
  if (ms === null) return 'never ended'
  if (ms < 1000) return `${Math.round(ms)} ms`
  return ms < 120_000 ? `${Number((ms / 1000).toFixed(1))} s` : `${Math.round(ms / 60_000)} min`
}
