/** Where a list begins, and where its next page is: the same query with another marker. */
export function pageLinks(
  path: string,
  query: URLSearchParams,
  nextMarker: string | undefined,
): { first: string; next: string | undefined } {
  const withMarker = (marker: string | undefined): string => {
    const own = new URLSearchParams(query)
    own.delete('marker')
    if (marker !== undefined) own.set('marker', marker)
    return own.size === 0 ? path : `${path}?${own}`
  }
  return { first: withMarker(undefined), next: nextMarker === undefined ? undefined : withMarker(nextMarker) }
}
