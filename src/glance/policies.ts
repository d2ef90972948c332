import { metadefPolicies } from './metadefs/policies.ts'
import type { PolicyRule } from '../cloud/policy.ts'

const member = 'rule:context_is_admin or (role:member and project_id:%(project_id)s)'
const reader = 'rule:context_is_admin or (role:reader and project_id:%(project_id)s)'

// What makes an image usable beyond its owner: it is for everyone, or it is shared with the asker's project.
const seen = `project_id:%(project_id)s or project_id:%(member_id)s or 'community':%(visibility)s or 'public':%(visibility)s`

/** Who may do what with images, under OpenStack's names (glance/policies/image.py). */
export const policies: readonly PolicyRule[] = [
  { name: 'add_image', check: member, description: 'Create an image' },
  { name: 'delete_image', check: member, description: 'Delete an image' },
  { name: 'get_image', check: `rule:context_is_admin or (role:reader and (${seen}))`, description: 'Show an image' },
  { name: 'get_images', check: reader, description: 'List images' },
  { name: 'modify_image', check: member, description: 'Change an image, its tags and properties' },
  { name: 'publicize_image', check: 'rule:context_is_admin', description: 'Show an image to everyone' },
  { name: 'communitize_image', check: member, description: 'Let everyone use an image who knows its id' },
  { name: 'download_image', check: `rule:context_is_admin or (role:member and (${seen}))`, description: "Read an image's bytes" },
  { name: 'upload_image', check: member, description: "Send an image's bytes" },
  { name: 'copy_image', check: 'rule:context_is_admin', description: "Copy an image's bytes to other stores" },
  { name: 'tasks_api_access', check: 'rule:context_is_admin', description: 'Use tasks' },
  { name: 'deactivate', check: member, description: 'Keep an image from being used' },
  { name: 'reactivate', check: member, description: 'Let an image be used again' },
  { name: 'add_member', check: member, description: 'Share an image with a project' },
  { name: 'delete_member', check: member, description: 'Stop sharing an image with a project' },
  {
    name: 'modify_member',
    check: 'rule:context_is_admin or (role:member and project_id:%(member_id)s)',
    description: 'Accept or reject a shared image',
  },
  {
    name: 'get_member',
    check: `rule:context_is_admin or (role:reader and (project_id:%(project_id)s or project_id:%(member_id)s))`,
    description: 'Show who shares an image',
  },
  {
    name: 'get_members',
    check: `rule:context_is_admin or (role:reader and (project_id:%(project_id)s or project_id:%(member_id)s))`,
    description: 'List who shares an image',
  },
  { name: 'fetch_image_location', check: 'role:service', description: "Show where an image's bytes are" },
  { name: 'add_image_location', check: `role:service or (${member})`, description: "Say where an image's bytes are" },
  { name: 'delete_image_location', check: 'rule:context_is_admin', description: "Remove an image's bytes from one of its stores" },
  { name: 'cache_list', check: 'rule:context_is_admin', description: 'List cached images' },
  { name: 'cache_image', check: 'rule:context_is_admin', description: 'Have an image cached' },
  { name: 'cache_delete', check: 'rule:context_is_admin', description: 'Remove images from the cache' },
  { name: 'stores_info_detail', check: 'rule:context_is_admin', description: 'Show stores with their settings' },
  ...metadefPolicies,
]
