import type { Client, Reply } from '../../test/helpers/client.ts'

/** The header that asks for a version. */
export const at = (version: string): Record<string, string> => ({ 'openstack-api-version': `placement ${version}` })

export interface PlacementClient extends Pick<Client, 'get' | 'delete' | 'post' | 'put'> {
  /** Makes a provider of a random name. */
  provider(more?: object): Promise<any>
  /** Makes a provider with these inventories, and gives its id. */
  stocked(inventories: Record<string, object>, more?: object): Promise<string>
}

let count = 0

/** For tests: a client that speaks to placement. */
export function placementOf(client: () => Client): PlacementClient {
  const path = (tail: string) => `/placement${tail}`
  const provider = async (more: object = {}) => {
    const { status, body } = await client().post(
      path('/resource_providers'),
      { name: `provider ${process.pid} ${++count}`, ...more },
      at('1.39'),
    )
    if (status !== 200) throw new Error(`no provider: ${JSON.stringify(body)}`)
    return body
  }
  return {
    get: (tail, headers) => client().get(path(tail), headers),
    delete: (tail, headers) => client().delete(path(tail), headers),
    post: (tail, body, headers) => client().post(path(tail), body, headers),
    put: (tail, body, headers) => client().put(path(tail), body, headers),
    provider,
    async stocked(inventories, more) {
      const { uuid } = await provider(more)
      const reply: Reply = await client().put(
        path(`/resource_providers/${uuid}/inventories`),
        { resource_provider_generation: 0, inventories },
        at('1.39'),
      )
      if (reply.status !== 200) throw new Error(`no inventories: ${JSON.stringify(reply.body)}`)
      return uuid
    },
  }
}
