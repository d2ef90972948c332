/** Amounts by resource class: { VCPU: 2, MEMORY_MB: 512 }. */
export type Resources = Readonly<Record<string, number>>

/** The classes that something is wanted of, in one order for everybody, so that no two transactions wait for each other in a ring. */
export const wanted = (resources: Resources): [resourceClass: string, amount: number][] =>
  Object.entries(resources)
    .filter(([, amount]) => amount > 0)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))

/** Whether both ask for the same. */
export const sameResources = (one: Resources, other: Resources): boolean => JSON.stringify(wanted(one)) === JSON.stringify(wanted(other))
