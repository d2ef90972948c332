import { microversions } from '../../cloud/microversions.ts'

/** The microversions that this placement speaks: all that OpenStack 2024.1 (Caracal) has. */
export const range = { min: '1.0', max: '1.39' }

export const placementVersions = microversions('placement', range)
