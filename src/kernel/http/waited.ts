import type { RequestHead } from './route.ts'

/** By this header a balancer tells a controller how much of its patience a request has used up already, in milliseconds. */
export const waitedHeader = 'skykeel-waited'

/** How long a balancer held the request before anybody had it, as it says: its client waits for no longer than anybody else. */
export const waitedMs = ({ headers }: Pick<RequestHead, 'headers'>): number =>
  Number(/^\d{1,9}$/.exec(String(headers[waitedHeader]))?.[0] ?? 0)
