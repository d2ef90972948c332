import { link } from '../lists.ts'
import { createDomain } from '../projects/create.ts'
import { projectRow } from '../projects/store.ts'
import { found, stored } from '../refusals.ts'
import { recordRoutes } from './records.ts'
import { identityProvider, mapping, serviceProvider } from './schema.ts'
import { deleteProtocolsOf, deleteRemoteIds, setRemoteIds } from './store.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'

/** The domain of a provider's users: the one that is named, or a new one. */
async function domainOf(ctx: CloudContext, tx: Tx, { id, domainId }: { id: string; domainId: unknown }): Promise<string> {
  if (typeof domainId === 'string') {
    const row = await projectRow(tx, domainId)
    return found(row?.is_domain ? row : undefined, 'domain', domainId).id
  }
  const description = `Auto generated federated domain for Identity Provider: ${id}`
  return (await createDomain(ctx, tx, { name: ctx.ids.hex(), description }, undefined)).id
}

/** Who says who users are, what is made of that, and to whom this cloud says it. Nobody logs in by them yet. */
export const federation = [
  ...recordRoutes({
    kind: 'identity_provider',
    collection: 'identity_providers',
    title: 'Identity Provider',
    schema: identityProvider,
    defaults: { description: null, enabled: false, remote_ids: [], domain_id: null, authorization_ttl: null },
    links(ctx, { id }) {
      const { self } = link(ctx, 'OS-FEDERATION/identity_providers', id)
      return { protocols: `${self}/protocols`, self }
    },
    async written(ctx, tx, { id, fields }) {
      const remote_ids = (fields['remote_ids'] ?? []) as string[]
      const taken = await setRemoteIds(ctx, tx, id, remote_ids)
      if (taken !== undefined) throw stored('identity_provider', `Duplicate remote ID: ${taken}`)
      return { ...fields, remote_ids, domain_id: await domainOf(ctx, tx, { id, domainId: fields['domain_id'] }) }
    },
    async removed(tx, id) {
      await deleteRemoteIds(tx, id)
      await deleteProtocolsOf(tx, id)
    },
  }),
  ...recordRoutes({
    kind: 'mapping',
    collection: 'mappings',
    title: 'mapping',
    schema: mapping,
    defaults: { schema_version: '1.0' },
    links: (ctx, { id }) => link(ctx, 'OS-FEDERATION/mappings', id),
  }),
  ...recordRoutes({
    kind: 'service_provider',
    collection: 'service_providers',
    title: 'Service Provider',
    schema: serviceProvider,
    defaults: { description: null, enabled: false, relay_state_prefix: 'ss:mem:' },
    links: (ctx, { id }) => link(ctx, 'OS-FEDERATION/service_providers', id),
  }),
]
