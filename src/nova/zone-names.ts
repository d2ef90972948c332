/** The zone of hosts that no aggregate puts into another. */
export const defaultZone = 'nova'

/** The zone of services that run no guests. */
export const internalZone = 'internal'
