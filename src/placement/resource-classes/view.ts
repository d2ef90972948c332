import type { RequestContext } from '../../kernel/http/route.ts'
import { mountOf } from '../answers.ts'

export const classPath = (name: string): string => `/resource_classes/${name}`

/** A resource class as the API shows it. */
export const viewClass = (ctx: RequestContext, name: string) => ({ name, links: [{ rel: 'self', href: mountOf(ctx) + classPath(name) }] })
