import { namespaceRoutes } from './namespaces/api.ts'
import { objectRoutes } from './objects/api.ts'
import { propertyRoutes } from './properties/api.ts'
import { resourceTypeRoutes } from './resource-types/api.ts'
import { metadefSchemaRoutes } from './schemas/api.ts'
import { tagRoutes } from './tags/api.ts'

/** Metadata definitions: what operators say about the properties that images, flavors and others may have. */
export const metadefRoutes = [
  ...metadefSchemaRoutes,
  ...namespaceRoutes,
  ...objectRoutes,
  ...propertyRoutes,
  ...tagRoutes,
  ...resourceTypeRoutes,
]
