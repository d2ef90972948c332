import { route } from '../../cloud/service.ts'
import { conflict, invalid, notFound } from '../../kernel/errors.ts'
import { noContent } from '../../kernel/http/answer.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { createdAt, okFresh } from '../answers.ts'
import { concurrentUpdate } from '../codes.ts'
import { findProvider, findSeenProvider } from '../resource-providers/find.ts'
import { claimGeneration } from '../resource-providers/generation.ts'
import { providerPath } from '../resource-providers/view.ts'
import { addInventory, removeInventory } from './change.ts'
import { assertSize, inUse, inUseConflict } from './refusals.ts'
import { removeInventories, upsertInventories } from './replace.ts'
import { PostInventory, PutInventories, PutInventory } from './schema.ts'
import { inventoriesOf, inventoryOf, updateInventory } from './store.ts'
import { readInventory, viewInventories, viewSingle } from './view.ts'

const rule = (name: string) => `placement:resource_providers:inventories:${name}`
const staleGeneration = 'resource provider generation conflict'

/** How much a provider has of each resource class. */
export const inventories = [
  route('GET /resource_providers/:uuid/inventories', {
    rule: rule('list'),
    run: async (ctx, db, { params }) => {
      const provider = await findProvider(db, params.uuid)
      const rows = await inventoriesOf(db, [provider.id])
      const byClass = Object.fromEntries(rows.map((row) => [row.resource_class, inventoryOf(row)]))
      return okFresh(
        ctx,
        viewInventories(byClass, provider.generation),
        rows.map((row) => row.updated_at),
      )
    },
  }),
  route('PUT /resource_providers/:uuid/inventories', {
    rule: rule('update'),
    body: PutInventories,
    run: async (ctx, tx, { params, body }) => {
      const provider = await findSeenProvider(tx, params.uuid, body.resource_provider_generation, staleGeneration)
      const wanted = Object.fromEntries(Object.entries(body.inventories).map(([name, fields]) => [name, readInventory(fields)]))
      for (const [name, inventory] of Object.entries(wanted)) assertSize(ctx, 'update', provider.id, name, inventory)
      const generation = await claimGeneration(ctx, tx, provider)
      const surplus = await upsertInventories(ctx, tx, provider.id, wanted)
      const problem = await removeInventories(tx, provider.id, surplus)
      if (problem) throw inUseConflict(`update conflict: ${problem}`)
      return okFresh(ctx, viewInventories(wanted, generation))
    },
  }),
  route('POST /resource_providers/:uuid/inventories', {
    rule: rule('create'),
    body: PostInventory,
    run: async (ctx, tx, { params, body }) => {
      const provider = await findProvider(tx, params.uuid)
      const { resource_class: resourceClass, ...fields } = body
      const inventory = readInventory(fields)
      assertSize(ctx, 'create', provider.id, resourceClass, inventory)
      const generation = await claimGeneration(ctx, tx, provider, (error) => `Update conflict: ${error}`)
      const outcome = await addInventory(ctx, tx, provider.id, resourceClass, inventory)
      if (outcome === 'unknown class') {
        throw invalid(`Unable to create inventory for resource provider ${provider.id}: No such resource class ${resourceClass}.`)
      }
      if (outcome === 'exists') throw conflict(`Update conflict: ${resourceClass} exists already.`, { type: concurrentUpdate })
      return createdAt(ctx, `${providerPath(provider.id)}/inventories/${resourceClass}`, viewSingle(inventory, generation))
    },
  }),
  route('DELETE /resource_providers/:uuid/inventories', {
    rule: rule('delete'),
    since: '1.5',
    run: async (ctx, tx, { params }) => {
      const provider = await findProvider(tx, params.uuid)
      await claimGeneration(ctx, tx, provider)
      const problem = await removeInventories(tx, provider.id, await classesOf(tx, provider.id))
      if (problem) throw inUseConflict(problem)
      return noContent()
    },
  }),
  route('GET /resource_providers/:uuid/inventories/:resource_class', {
    rule: rule('show'),
    run: async (ctx, db, { params }) => {
      const provider = await findProvider(db, params.uuid)
      const row = (await inventoriesOf(db, [provider.id])).find((one) => one.resource_class === params.resource_class)
      if (!row) throw notFound(`No inventory of class ${params.resource_class.slice(0, 255)} for ${provider.id}`)
      return okFresh(ctx, viewSingle(inventoryOf(row), provider.generation), row.updated_at)
    },
  }),
  route('PUT /resource_providers/:uuid/inventories/:resource_class', {
    rule: rule('update'),
    body: PutInventory,
    run: async (ctx, tx, { params, body }) => {
      const provider = await findSeenProvider(tx, params.uuid, body.resource_provider_generation, staleGeneration)
      const inventory = readInventory(body)
      assertSize(ctx, 'update', provider.id, params.resource_class, inventory)
      const generation = await claimGeneration(ctx, tx, provider)
      if (!(await updateInventory(ctx, tx, provider.id, params.resource_class, inventory))) {
        throw invalid(
          `No inventory record with resource class for resource provider ${provider.id}: No inventory of class ${params.resource_class.slice(0, 255)} found.`,
        )
      }
      return okFresh(ctx, viewSingle(inventory, generation))
    },
  }),
  route('DELETE /resource_providers/:uuid/inventories/:resource_class', {
    rule: rule('delete'),
    run: async (ctx, tx, { params }) => {
      const { uuid, resource_class: resourceClass } = params
      const provider = await findProvider(tx, uuid)
      await removeOne(tx, provider.id, resourceClass)
      await claimGeneration(ctx, tx, provider, (error) => `Unable to delete inventory of class ${resourceClass}: ${error}`)
      return noContent()
    },
  }),
]

const classesOf = async (tx: Tx, providerId: string): Promise<string[]> =>
  (await inventoriesOf(tx, [providerId])).map((row) => row.resource_class)

async function removeOne(tx: Tx, providerId: string, resourceClass: string): Promise<void> {
  if (await removeInventory(tx, providerId, resourceClass)) return
  if (!(await classesOf(tx, providerId)).includes(resourceClass)) {
    const name = resourceClass.slice(0, 255)
    throw notFound(`No inventory of class ${name} found for delete: No inventory of class ${name} found.`)
  }
  // The one case in use that is called a concurrent update (placement/handlers/inventory.py@da1a588, delete_inventory).
  throw conflict(`Unable to delete inventory of class ${resourceClass}: ${inUse(providerId, resourceClass)}`, { type: concurrentUpdate })
}
