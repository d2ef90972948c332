import { createHash } from 'node:crypto'

/** An EC2 credential is found by its access key, so its id is made of that. keystone/common/utils.py */
export const ec2IdOf = (access: string): string => createHash('sha256').update(access).digest('hex')
