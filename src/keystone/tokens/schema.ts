import { Type } from 'typebox'

const text = Type.String({ maxLength: 4096 })
const ref = Type.Object({ id: Type.Optional(text), name: Type.Optional(text) })
const nameInDomain = { id: Type.Optional(text), name: Type.Optional(text), domain: Type.Optional(ref) }

/** `POST /v3/auth/tokens`, as loosely as keystone has it: the rest is said by 400 and 401. */
export const Authenticate = Type.Object({
  auth: Type.Object({
    identity: Type.Object({
      methods: Type.Array(text, { maxItems: 20 }),
      password: Type.Optional(Type.Object({ user: Type.Optional(Type.Object({ ...nameInDomain, password: Type.Optional(text) })) })),
      token: Type.Optional(Type.Object({ id: text })),
      totp: Type.Optional(Type.Object({ user: Type.Optional(Type.Object({ ...nameInDomain, passcode: Type.Optional(text) })) })),
      // What proves it is in the header.
      oauth1: Type.Optional(Type.Object({})),
      application_credential: Type.Optional(
        Type.Object({
          id: Type.Optional(text),
          name: Type.Optional(text),
          secret: Type.Optional(text),
          user: Type.Optional(Type.Object(nameInDomain)),
        }),
      ),
    }),
    scope: Type.Optional(
      Type.Union([
        Type.Object({
          project: Type.Optional(Type.Object(nameInDomain)),
          domain: Type.Optional(ref),
          system: Type.Optional(Type.Object({ all: Type.Optional(Type.Boolean()) })),
          'OS-TRUST:trust': Type.Optional(Type.Object({ id: Type.Optional(text) })),
          unscoped: Type.Optional(Type.Unknown()),
        }),
        text,
      ]),
    ),
  }),
})

export type AuthenticateRequest = Type.Static<typeof Authenticate>['auth']
