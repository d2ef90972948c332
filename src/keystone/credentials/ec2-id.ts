import { createHash } from 'node:crypto'
import type { Subject } from '../../cloud/context.ts'

/** An EC2 credential is found by its access key, so its id is made of that. keystone/common/utils.py */
export const ec2IdOf = (access: string): string => createHash('sha256').update(access).digest('hex')

/** What an EC2 credential keeps of how its owner came by the token that he made it with: it can do no more than that. keystone/api/credentials.py */
export const madeWith = ({ trustId, applicationCredential, accessTokenId }: Subject) => ({
  ...(trustId !== undefined && { trust_id: trustId }),
  ...(applicationCredential && { app_cred_id: applicationCredential.id }),
  ...(accessTokenId !== undefined && { access_token_id: accessTokenId }),
})
