/** How long a token is good for, in seconds. */
export const tokenLifeSeconds = 3600
