import { enforce } from '../../cloud/policy.ts'
import { projectOf, type CloudContext } from '../../cloud/context.ts'
import { notFound } from '../../kernel/errors.ts'
import { isMember } from '../members/store.ts'
import { imageById, type Image } from './store.ts'
import type { Db } from '../../kernel/sql/tables.ts'

/** An image with what the asker is to it. */
export interface VisibleImage {
  readonly image: Image
  /** What policy rules are asked about. */
  readonly target: Readonly<Record<string, unknown>>
}

/** The image, if the asker may see it; else it does not exist for them. */
export async function visibleImage(ctx: CloudContext, db: Db, id: string, missing = `No image found with ID ${id}`): Promise<VisibleImage> {
  const visible = await seenImage(ctx, db, id)
  if (!visible) throw notFound(missing)
  return visible
}

/** The same without a refusal. */
export async function seenImage(ctx: CloudContext, db: Db, id: string): Promise<VisibleImage | undefined> {
  const image = await imageById(db, id)
  if (!image) return undefined
  const target = { project_id: image.owner, owner: image.owner, visibility: image.visibility, ...(await membership(ctx, db, image)) }
  return ctx.policy.allows(ctx.subject, 'get_image', target) ? { image, target } : undefined
}

async function membership(ctx: CloudContext, db: Db, image: Image): Promise<{ member_id?: string }> {
  const projectId = projectOf(ctx)
  const mayBeShared = image.visibility === 'shared' && image.owner !== projectId && projectId !== ''
  return mayBeShared && (await isMember(db, image.id, projectId)) ? { member_id: projectId } : {}
}

/** The image, if the asker may do this to it: `notFound` when they can't even see it, `forbidden` when they can. */
export async function imageFor(ctx: CloudContext, db: Db, rule: string, id: string, missing?: string): Promise<Image> {
  const { image, target } = await visibleImage(ctx, db, id, missing)
  enforceImage(ctx, rule, target)
  return image
}

export const enforceImage = (ctx: CloudContext, rule: string, target: VisibleImage['target']): void =>
  enforce(ctx, rule, target, forbiddenWording)

/** What glance says when policy refuses a rule. */
export const forbiddenWording = (rule: string): string => `You are not authorized to complete ${rule} action.`
