/** A hostname made of a server's name, as far as it has letters for one; may be empty. */
export const hostnameFrom = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[ _.]/g, '-')
    .replaceAll(/[^a-z0-9-]/g, '')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '')
