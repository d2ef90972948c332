import { link } from '../lists.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { CredentialRow } from '../tables.ts'

/** What the blob of an EC2 credential says. */
export interface Ec2Secret {
  readonly access: string
  readonly secret: string
  readonly trust_id?: string | null
  readonly app_cred_id?: string
  readonly access_token_id?: string
}

export const ec2View =
  (ctx: RequestContext) =>
  ({ user_id, project_id, sealed_blob }: CredentialRow) => {
    const { access, secret, trust_id = null } = JSON.parse(ctx.vault.open(sealed_blob).toString()) as Ec2Secret
    return { user_id, tenant_id: project_id, access, secret, trust_id, links: link(ctx, `users/${user_id}/credentials/OS-EC2`, access) }
  }
