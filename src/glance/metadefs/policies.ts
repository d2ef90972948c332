import type { PolicyRule } from '../../cloud/policy.ts'

const admin = 'rule:metadef_admin'
const reader = 'rule:context_is_admin or (role:reader and project_id:%(project_id)s)'
const seen = `rule:context_is_admin or (role:reader and (project_id:%(project_id)s or 'public':%(visibility)s))`

/** Who may do what with metadata definitions, under OpenStack's names (glance/policies/metadef.py). */
export const metadefPolicies: readonly PolicyRule[] = [
  { name: 'metadef_default', check: '', description: 'What others may refer to for everyone' },
  { name: 'metadef_admin', check: 'rule:context_is_admin', description: 'Who writes metadata definitions' },
  { name: 'get_metadef_namespace', check: seen, description: 'Show a namespace of metadata definitions' },
  { name: 'get_metadef_namespaces', check: reader, description: 'List namespaces of metadata definitions' },
  { name: 'modify_metadef_namespace', check: admin, description: 'Change a namespace' },
  { name: 'add_metadef_namespace', check: admin, description: 'Create a namespace' },
  { name: 'delete_metadef_namespace', check: admin, description: 'Delete a namespace, or all objects or properties in it' },
  { name: 'get_metadef_object', check: seen, description: 'Show an object of a namespace' },
  { name: 'get_metadef_objects', check: seen, description: 'List the objects of a namespace' },
  { name: 'modify_metadef_object', check: admin, description: 'Change an object of a namespace' },
  { name: 'add_metadef_object', check: admin, description: 'Add an object to a namespace' },
  { name: 'delete_metadef_object', check: admin, description: 'Delete an object of a namespace' },
  { name: 'list_metadef_resource_types', check: seen, description: 'List types of resources' },
  { name: 'get_metadef_resource_type', check: seen, description: 'Show which types of resources a namespace is for' },
  { name: 'add_metadef_resource_type_association', check: admin, description: 'Say that a namespace is for a type of resources' },
  { name: 'remove_metadef_resource_type_association', check: admin, description: 'Say that it is not any more' },
  { name: 'get_metadef_property', check: seen, description: 'Show a property of a namespace' },
  { name: 'get_metadef_properties', check: seen, description: 'List the properties of a namespace' },
  { name: 'modify_metadef_property', check: admin, description: 'Change a property of a namespace' },
  { name: 'add_metadef_property', check: admin, description: 'Add a property to a namespace' },
  { name: 'remove_metadef_property', check: admin, description: 'Delete a property of a namespace' },
  { name: 'get_metadef_tag', check: seen, description: 'Show a tag of a namespace' },
  { name: 'get_metadef_tags', check: seen, description: 'List the tags of a namespace' },
  { name: 'modify_metadef_tag', check: admin, description: 'Rename a tag of a namespace' },
  { name: 'add_metadef_tag', check: admin, description: 'Add a tag to a namespace' },
  { name: 'add_metadef_tags', check: admin, description: 'Add or replace the tags of a namespace' },
  { name: 'delete_metadef_tag', check: admin, description: 'Delete a tag of a namespace' },
  { name: 'delete_metadef_tags', check: admin, description: 'Delete all tags of a namespace' },
]
