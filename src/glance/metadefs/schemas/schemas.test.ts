import { describe, expect, test } from 'vitest'
import { useCloud } from '../../../../test/helpers/a-cloud.ts'

describe('the schemas of metadata definitions', () => {
  const cloud = useCloud('postgres')
  const schema = async (name: string) => (await cloud.as('demo').get(`/image/v2/schemas/metadefs/${name}`)).body

  test.each([
    ['namespace', 'namespace', ['namespace'], ['display_name', 'visibility', 'objects', 'resource_type_associations', 'self']],
    ['object', 'object', ['name'], ['description', 'required', 'properties', 'created_at']],
    ['property', 'property', ['type', 'title', 'name'], ['enum', 'minimum', 'operators', 'items', 'readonly']],
    ['resource_type', 'resource_type_association', ['name'], ['prefix', 'properties_target']],
    ['tag', 'tag', ['name'], ['created_at']],
  ])('%s says what one is made of', async (at, name, required, attributes) => {
    const document = await schema(at)
    expect(document).toMatchObject({ name, required, additionalProperties: false })
    expect(Object.keys(document.properties)).toEqual(expect.arrayContaining([...required, ...attributes]))
  })

  test.each([
    ['namespaces', 'namespaces', 'namespace'],
    ['objects', 'objects', 'object'],
    ['resource_types', 'resource_type_associations', 'resource_type'],
    ['tags', 'tags', 'tag'],
  ])('%s says what a list is made of', async (at, name, one) => {
    const { definitions, ...item } = await schema(one)
    const list = await schema(at)
    expect(list).toMatchObject({ name, properties: { [name]: { type: 'array', items: item } } })
    expect(list.definitions).toEqual(definitions)
  })

  test('properties are listed by name, so that each one says nothing of it', async () => {
    const { properties } = await schema('properties')
    expect(properties.properties).toMatchObject({ type: 'object', additionalProperties: { name: 'property', required: ['type', 'title'] } })
  })

  test('what a schema refers to is in it', async () => {
    for (const name of ['namespace', 'namespaces', 'object', 'objects', 'property', 'properties']) {
      const document = await schema(name)
      const named = [...JSON.stringify(document).matchAll(/#\/definitions\/(\w+)/g)].map((match) => match[1]!)
      expect(named.length).toBeGreaterThan(0)
      expect(named.filter((one) => !(one in document.definitions))).toEqual([])
    }
  })
})
