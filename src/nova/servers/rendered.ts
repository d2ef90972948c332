import { serverCore, serverSurroundings, type Surroundings, type Viewer } from './view.ts'
import type { ServerRow } from './tables.ts'

// Most of a server's wire form follows from its row, and rows seldom change between two lists. So the text is kept, and only
// rows that are not known at their revision need to be read at all. Nothing is wrong when this is empty.

interface Fragment {
  readonly revision: number
  /** JSON of the core, without its closing brace. */
  readonly text: string
}

const fragments = new Map<string, Fragment>()
const maxFragments = 10_000

/** A viewer as text: those with the same text see the same. */
export const viewerKey = ({ baseUrl, version, seesHosts }: Viewer): string => `${version} ${seesHosts ? 'hosts ' : ''}${baseUrl}`

/** What is known of a server at this revision. */
export function knownFragment(key: string, { id, revision }: Pick<ServerRow, 'id' | 'revision'>): string | undefined {
  const found = fragments.get(`${id} ${key}`)
  return found?.revision === revision ? found.text : undefined
}

/** Renders a server's core, and remembers it. */
export function renderFragment(viewer: Viewer, key: string, row: ServerRow): string {
  const text = JSON.stringify(serverCore(viewer, row)).slice(0, -1)
  if (fragments.size >= maxFragments) fragments.delete(fragments.keys().next().value!)
  fragments.set(`${row.id} ${key}`, { revision: row.revision, text })
  return text
}

/** A whole server as JSON text. */
export const renderServer = (viewer: Viewer, fragment: string, surroundings: Surroundings): string =>
  `${fragment},${JSON.stringify(serverSurroundings(viewer, surroundings)).slice(1)}`
