import { Type } from 'typebox'
import { plain } from '../../cloud/service.ts'
import { isSameSecret } from '../../kernel/same-secret.ts'
import { documentOf } from '../tokens/document.ts'
import { logInBySignature, type Passed } from './log-in.ts'
import { ec2Signature, s3Signature } from './signature.ts'

const text = Type.Optional(Type.String({ maxLength: 65_000 }))
const values = Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])))
const passed = Type.Optional(
  Type.Object({
    ...{ access: text, signature: text, token: text, verb: text, host: text, path: text, body_hash: text },
    ...{ params: values, headers: values },
  }),
)

// Clients have called it by each of these names.
const Body = Type.Object({ credentials: passed, credential: passed, ec2Credentials: passed })
const passedIn = ({ credentials, credential, ec2Credentials }: Record<string, Passed | undefined>): Passed | undefined =>
  credentials ?? credential ?? ec2Credentials

const isSame = (shown: string | undefined, signature: string | undefined): boolean =>
  shown !== undefined && signature !== undefined && isSameSecret(shown, signature)

// Some sign the host without its port.
const isSignedForEc2 = (secret: string, { signature, ...signed }: Passed): boolean =>
  isSame(signature, ec2Signature(secret, signed)) ||
  isSame(signature, ec2Signature(secret, { ...signed, host: (signed.host ?? '').replace(/:\d*$/, '') }))

const isSignedForS3 = (secret: string, { signature, token = '' }: Passed): boolean =>
  isSame(signature, s3Signature(secret, Buffer.from(token, 'base64').toString()))

/** Tokens for those whose requests to EC2 and S3 services are signed; the services ask. */
export const signedTokens = [
  plain('POST /v3/ec2tokens', {
    rule: 'identity:ec2tokens_validate',
    body: Body,
    run: async (ctx, _db, { body }) => {
      const { token, state } = await logInBySignature(ctx, passedIn(body), isSignedForEc2)
      return { status: 200, text: await documentOf(ctx, state), headers: { 'x-subject-token': token } }
    },
  }),
  plain('POST /v3/s3tokens', {
    rule: 'identity:s3tokens_validate',
    body: Body,
    run: async (ctx, _db, { body }) => {
      const { state } = await logInBySignature(ctx, passedIn(body), isSignedForS3)
      return { status: 200, text: await documentOf(ctx, state) }
    },
  }),
]
