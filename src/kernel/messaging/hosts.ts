/**
 * One URL per host of a URL that may name several: `postgres://u:p@one:5432,two/db?x=y` gives two URLs.
 * Throws a TypeError for anything else; its message never holds the URL, which may carry a password.
 */
export function urlPerHost(url: string): string[] {
  const parts = /^([a-z]+:\/\/)([^/?#]*@)?([^/?#@]*)(.*)$/s.exec(url)
  if (!parts) throw new TypeError('not a URL of a message queue')
  const [, scheme = '', credentials = '', hosts = '', rest = ''] = parts
  return hosts.split(',').map((host) => `${scheme}${credentials}${host}${rest}`)
}

/** The part of such a URL that a log may show. */
export function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^/?#]*@)?([^/?#@]*)/.exec(url)?.[1] || 'local'
}
