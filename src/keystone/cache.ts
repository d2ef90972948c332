/** Answers kept for a short time, so many at most. Callers that ask for the same at once share one look-up. */
export interface Cache<V> {
  /** What is kept under the key, or else what `load` gives. Its life counts from the start of the load. */
  get(key: string, nowMs: number, load: () => Promise<V>): Promise<V>
  clear(): void
}

/** Opens an empty cache. A load that fails is not kept. One that began before a `clear` only serves those who already wait for it. */
export function openCache<V>({ lifeMs, maxEntries }: { lifeMs: number; maxEntries: number }): Cache<V> {
  const entries = new Map<string, { readonly untilMs: number; readonly value: Promise<V> }>()
  return {
    get(key, nowMs, load) {
      const found = entries.get(key)
      if (found && nowMs < found.untilMs) return found.value
      const entry = { untilMs: nowMs + lifeMs, value: load() }
      entry.value.catch(() => {
        if (entries.get(key) === entry) entries.delete(key)
      })
      entries.delete(key)
      if (entries.size >= maxEntries) entries.delete(entries.keys().next().value!)
      entries.set(key, entry)
      return entry.value
    },
    clear: () => entries.clear(),
  }
}
