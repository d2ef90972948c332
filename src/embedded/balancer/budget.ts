/** The bytes that all requests together may hold in memory, so that no load can make the process grow. */
export interface Budget {
  usedBytes(): number
  tryTake(bytes: number): boolean
  /** Waits in turn until so many bytes are free; false when that took longer than `withinMs`. */
  take(bytes: number, withinMs: number): Promise<boolean>
  give(bytes: number): void
}

/** What one request holds of the budget; given back in one go when the request is over. */
export interface Holding {
  tryHold(bytes: number): boolean
  hold(bytes: number, withinMs: number): Promise<boolean>
  release(): void
}

export function openBudget(limitBytes: number): Budget {
  const queue = new Set<{ bytes: number; tell: (taken: boolean) => void }>()
  let used = 0
  const tryTake = (bytes: number) => {
    if (queue.size > 0 || used + bytes > limitBytes) return false
    used += bytes
    return true
  }
  const serve = () => {
    for (const waiter of queue) {
      if (used + waiter.bytes > limitBytes) return
      used += waiter.bytes
      queue.delete(waiter)
      waiter.tell(true)
    }
  }
  return {
    usedBytes: () => used,
    tryTake,
    take: (bytes, withinMs) => {
      if (tryTake(bytes)) return Promise.resolve(true)
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const timer = setTimeout(() => {
        queue.delete(waiter)
        resolve(false)
        serve()
      }, withinMs)
      const waiter = {
        bytes,
        tell: (taken: boolean) => {
          clearTimeout(timer)
          resolve(taken)
        },
      }
      queue.add(waiter)
      return promise
    },
    give: (bytes) => {
      used -= bytes
      serve()
    },
  }
}

/** An account on the budget for one request. After `release` it holds nothing and takes nothing more. */
export function openHolding(budget: Budget): Holding {
  let held = 0
  let released = false
  return {
    tryHold: (bytes) => {
      if (released || !budget.tryTake(bytes)) return false
      held += bytes
      return true
    },
    hold: async (bytes, withinMs) => {
      if (released || !(await budget.take(bytes, withinMs))) return false
      if (released) budget.give(bytes)
      else held += bytes
      return !released
    },
    release: () => {
      if (released) return
      released = true
      if (held > 0) budget.give(held)
    },
  }
}
