/** How much of one resource class a provider has, and in which pieces. */
export interface Inventory {
  readonly total: number
  /** Kept back for the provider itself. */
  readonly reserved: number
  readonly minUnit: number
  readonly maxUnit: number
  readonly stepSize: number
  /** How often the same resource may be given away: 16 for VCPU means 16 virtual ones for each real one. */
  readonly allocationRatio: number
}

/** What must be said of an inventory; the rest has defaults. */
export type InventorySpec = Pick<Inventory, 'total'> & Partial<Inventory>

/** The largest amount that the API knows. */
export const maxAmount = 2_147_483_647

const defaults = { reserved: 0, minUnit: 1, maxUnit: maxAmount, stepSize: 1, allocationRatio: 1 }

/** A whole inventory of what was said and, for the rest, of what was there before. */
export const completed = (spec: InventorySpec, before?: Inventory): Inventory => ({ ...(before ?? defaults), ...spec })

/** How much can be given away; below 0 when more is reserved than there is. */
export const capacityOf = ({ total, reserved, allocationRatio }: Inventory): number =>
  Math.min(Math.trunc((total - reserved) * allocationRatio), Number.MAX_SAFE_INTEGER)

/** Whether both say the same. */
export const sameInventory = (one: Inventory, other: Inventory): boolean =>
  (Object.keys(defaults) as (keyof Inventory)[]).every((field) => one[field] === other[field]) && one.total === other.total
