import type { Subject } from '../../cloud/context.ts'

/** The domain that a request works in when it names none: that of its token, or of the token's project. */
export const domainOf = (subject: Subject): string => subject.domainId ?? subject.projectDomainId ?? 'default'

/** The domain that a list is limited to: a domain's token never sees beyond it. */
export const domainFilter = (subject: Subject, wanted: string | undefined): string | undefined => subject.domainId ?? wanted
