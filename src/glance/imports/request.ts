import { conflict, invalid } from '../../kernel/errors.ts'
import { importMethods, storeId, type ImportMethod } from './imports.ts'

/** A request for an import, read. */
export interface ImportRequest {
  readonly method: ImportMethod
  readonly uri: unknown
  readonly allStores: boolean
  /** Names of stores; all of them there are. */
  readonly stores: readonly string[]
}

/** Reads a request for an import. The refusals and their words are glance/api/v2/images.py's, which has no schema for it. */
export function readImportRequest(body: unknown, storeHeader: string | undefined): ImportRequest {
  const request = object(body, 'Import request must be a JSON object.')
  if (!Object.hasOwn(request, 'method')) throw invalid("Import request requires a 'method' field.")
  const method = object(request.method, "Import request requires a 'name' field.")
  if (!Object.hasOwn(method, 'name')) throw invalid("Import request requires a 'name' field.")
  const name = importMethods.find((known) => known === method.name)
  if (!name) throw invalid(`Unknown import method name '${String(method.name).slice(0, 64)}'.`)
  flag(request, 'all_stores_must_succeed')
  return { method: name, uri: method.uri, ...storesOf(request, storeHeader) }
}

function storesOf(request: Record<string, unknown>, header: string | undefined): Pick<ImportRequest, 'allStores' | 'stores'> {
  const allStores = flag(request, 'all_stores')
  const { stores } = request
  if (allStores && (stores !== undefined || header !== undefined))
    throw invalid("All_stores parameter can't be used with x-image-meta-store header or stores parameter")
  if (stores !== undefined && header !== undefined) throw invalid("Stores parameter and x-image-meta-store header can't be both specified")
  if (stores !== undefined && !(Array.isArray(stores) && stores.length > 0 && stores.every((store) => typeof store === 'string')))
    throw invalid("'stores' must be a list of names of stores")
  const wanted = (stores as string[] | undefined) ?? [header ?? storeId]
  const unknown = wanted.find((store) => store !== storeId)
  if (unknown !== undefined) throw conflict(`Unknown scheme '${unknown.slice(0, 64)}' found in URI`)
  return { allStores, stores: [storeId] }
}

function flag(request: Record<string, unknown>, name: string): boolean {
  const value = request[name] ?? false
  if (typeof value !== 'boolean') throw invalid(`'${name}' must be boolean value only`)
  return value
}

function object(value: unknown, problem: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(problem)
  return value as Record<string, unknown>
}
