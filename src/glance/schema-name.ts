/** Which of the published schemas checks a body that is sent to a path. */
export function schemaNameAt(path: string): string {
  const [, , first, , , part = '', name] = path.split('/')
  if (first !== 'metadefs') return 'image'
  if (part === 'tags') return name === undefined ? 'tags' : 'tag'
  return { objects: 'object', properties: 'property', resource_types: 'resource_type_association' }[part] ?? 'namespace'
}
