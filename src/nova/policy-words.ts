/** What nova says when policy refuses a rule. */
export const refusal = (rule: string): string => `Policy doesn't allow ${rule} to be performed.`
