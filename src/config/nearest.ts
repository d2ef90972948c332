/** The one of `names` that someone who wrote `written` most likely meant, if any is near enough. */
export function nearest(written: string, names: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(written.length / 3))
  const ranked = names
    .map((name) => ({ name, away: distance(written.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.away - b.away)
  return ranked[0] && ranked[0].away <= limit ? ranked[0].name : undefined
}

// Levenshtein's: letters to add, remove or change.
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + Number(a[i - 1] !== b[j - 1]))
    row = next
  }
  return row[b.length]!
}

/** "Did you mean …?", or what else to do. */
export function suggest(written: string, names: readonly string[], otherwise: string): string {
  const meant = nearest(written, names)
  return meant ? `Did you mean ${meant}?` : otherwise
}
