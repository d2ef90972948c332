import { readFileSync } from 'node:fs'
import { enableCompileCache, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

// Imported first and for its effect. Where `tools/bundle-dependencies.mjs` has left dependencies of hundreds of small modules in a few
// files, they are loaded from there: that halves the start of a controller, and its memory. Bundles of other versions are not used.
const modules = new URL('../../node_modules/', import.meta.url)
const bundles = new URL('.cache/skykeel/quick/', modules)
const own = new URL('../../', import.meta.url).href

// What is stripped and compiled once is kept, for this process and those that it starts; bin/skykeel has seen to that already.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('.cache/skykeel/compile', modules))
enableCompileCache(process.env['NODE_COMPILE_CACHE'])

const contents = readContents()
if (contents) {
  const urls = new Map(Object.entries(contents.modules).map(([specifier, file]) => [specifier, new URL(file, bundles).href]))
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const url = urls.get(specifier)
      // Only for our own modules: a dependency that imports another keeps what npm gave it.
      if (url && context.parentURL?.startsWith(own) && !context.parentURL.startsWith(modules.href))
        return { url, format: 'module', shortCircuit: true }
      return nextResolve(specifier, context)
    },
  })
}

function readContents(): { versions: Record<string, string>; modules: Record<string, string> } | undefined {
  try {
    const found = JSON.parse(readFileSync(new URL('contents.json', bundles), 'utf8'))
    const current = Object.entries(found.versions).every(
      ([name, version]) => JSON.parse(readFileSync(new URL(`${name}/package.json`, modules), 'utf8')).version === version,
    )
    return current ? found : undefined
  } catch {
    return undefined
  }
}
