import { wasNotFound } from '../namespaces/visible.ts'

export type KindName = 'object' | 'property' | 'tag'

/** What a namespace is made of: objects, properties and tags are kept and guarded alike; their words differ. */
export interface Kind {
  readonly name: KindName
  readonly rules: {
    readonly list: string
    readonly show: string
    readonly add: string
    readonly change: string
    readonly remove: string
    /** All of these, to delete all of the kind at once. */
    readonly clear: readonly string[]
  }
  /** What glance says when the namespace is not there, when the name is not, and when it is taken. */
  readonly noNamespace?: (namespace: string) => string
  notFound(name: string, namespace: string): string
  taken(name: string, namespace: string): string
  takenByChange(name: string, namespace: string): string
}

const wordsFor = (kind: 'object' | 'property') => ({
  notFound: (name: string, namespace: string) =>
    `The metadata definition ${kind} with name=${name} was not found in namespace=${namespace}.`,
  taken: (name: string, namespace: string) => `A metadata definition ${kind} with name=${name} already exists in namespace=${namespace}.`,
  takenByChange: (name: string, namespace: string) =>
    `Invalid update. It would result in a duplicate metadata definition ${kind} with the same name=${name} in namespace=${namespace}.`,
})

export const objectKind: Kind = {
  name: 'object',
  rules: {
    list: 'get_metadef_objects',
    show: 'get_metadef_object',
    add: 'add_metadef_object',
    change: 'modify_metadef_object',
    remove: 'delete_metadef_object',
    clear: ['delete_metadef_namespace'],
  },
  noNamespace: wasNotFound,
  ...wordsFor('object'),
}

export const propertyKind: Kind = {
  name: 'property',
  rules: {
    list: 'get_metadef_properties',
    show: 'get_metadef_property',
    add: 'add_metadef_property',
    change: 'modify_metadef_property',
    remove: 'remove_metadef_property',
    clear: ['delete_metadef_namespace'],
  },
  ...wordsFor('property'),
}

const tagTaken = (name: string, namespace: string): string => `A metadata tag with name=${name} already exists in namespace=${namespace}.`

export const tagKind: Kind = {
  name: 'tag',
  rules: {
    list: 'get_metadef_tags',
    show: 'get_metadef_tag',
    add: 'add_metadef_tag',
    change: 'modify_metadef_tag',
    remove: 'delete_metadef_tag',
    clear: ['delete_metadef_tags', 'delete_metadef_namespace'],
  },
  notFound: (name, namespace) => `The metadata definition tag with name=${name} was not found in namespace=${namespace}.`,
  taken: tagTaken,
  takenByChange: tagTaken,
}
