import { invalid } from '../kernel/errors.ts'
import { created, type Answer } from '../kernel/http/answer.ts'

/** The resources of a body that names one (`network`) or several (`networks`); `make` makes each of them. */
export async function createOneOrMany<Body extends object, View>(
  body: { readonly [name: string]: unknown },
  { one, many, make }: { one: string; many: string; make: (wanted: Body) => Promise<View> },
): Promise<Answer> {
  const single = body[one] as Body | undefined
  const several = body[many] as readonly Body[] | undefined
  if ((single === undefined) === (several === undefined))
    throw invalid(single ? `Both '${one}' and '${many}' are in request body` : `Unable to find '${one}' in request body`)
  if (single) return created({ [one]: await make(single) })
  if (several!.length === 0) throw invalid('Resources required')
  const views: View[] = []
  for (const wanted of several!) views.push(await make(wanted))
  return created({ [many]: views })
}
