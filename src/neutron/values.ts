import { projectOf, type CloudContext } from '../cloud/context.ts'
import { invalid } from '../kernel/errors.ts'
import { Type } from 'typebox'

/** Words that neutron takes for a boolean, besides JSON's own. */
const flagWords = '^([tT][rR][uU][eE]|[fF][aA][lL][sS][eE]|[yY][eE][sS]|[nN][oO]|[oO][nN]|[oO][fF][fF]|[tTfFyYnN]|0|1)$'

/** A boolean as neutron takes it: `true`, "True", "no", 1, … */
export const FlagInput = Type.Union([Type.Boolean(), Type.Integer({ minimum: 0, maximum: 1 }), Type.String({ pattern: flagWords })])

/** Reads what `FlagInput` let through; undefined stays undefined. */
export function flagOf(input: boolean | number | string): boolean
export function flagOf(input: boolean | number | string | undefined): boolean | undefined
export function flagOf(input: boolean | number | string | undefined): boolean | undefined {
  if (input === undefined || typeof input === 'boolean') return input
  return typeof input === 'number' ? input === 1 : /^(true|yes|on|t|y|1)$/i.test(input)
}

export const Uuid = Type.String({ pattern: '^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$' })
export const ShortText = Type.String({ maxLength: 255 })
export const ProjectId = Type.String({ maxLength: 255 })
export const MacAddress = Type.String({ pattern: '^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$' })
/** An address in text; verbs read it with `parseAddress`, which refuses what only looks like one. */
export const AddressText = Type.String({ minLength: 2, maxLength: 64, pattern: '^[0-9a-fA-F:.]+$' })
export const CidrText = Type.String({ minLength: 2, maxLength: 64 })
/** An integer, also as text. */
export const IntegerInput = Type.Union([
  Type.Integer({ minimum: -2147483648, maximum: 2147483647 }),
  Type.String({ pattern: '^-?[0-9]{1,9}$' }),
])

/** Who shall own it: `tenant_id` and `project_id` mean the same. */
export const owner = { tenant_id: Type.Optional(ProjectId), project_id: Type.Optional(ProjectId) }

/** Reads what `IntegerInput` let through. */
export const integerOf = (input: number | string | null | undefined): number | null | undefined =>
  typeof input === 'string' ? Number(input) : input

/** Leaves out what is undefined. */
export function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

/** Whose a new resource shall be: the project of the body, else the asker's. Refuses two that differ. */
export function ownerOf(ctx: CloudContext, body: { readonly tenant_id?: string; readonly project_id?: string }): string {
  if (body.tenant_id !== undefined && body.project_id !== undefined && body.tenant_id !== body.project_id) {
    throw invalid("'project_id' and 'tenant_id' do not match")
  }
  return body.project_id ?? body.tenant_id ?? projectOf(ctx)
}
