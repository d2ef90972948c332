import { accounts } from './accounts.ts'
import { cloud } from './cloud.ts'
import { flat } from './flat.ts'
import { isReached, lineOf, type Figure } from './figure.ts'
import { image } from './image.ts'
import { providers } from './providers.ts'
import { ratios } from './ratios.ts'

// `npm run bench [cloud|ratios|flat|providers|accounts|image …]`: measures, and says what each figure must reach.

const benches: Record<string, () => Promise<Figure[]>> = { cloud, ratios, flat, providers, accounts, image }
const wanted = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(benches)
let missed = 0
for (const name of wanted) {
  const bench = benches[name]
  if (!bench) throw new Error(`there is no bench ${name}; there are ${Object.keys(benches).join(', ')}`)
  for (const figure of await bench()) {
    console.log(lineOf(figure))
    if (!isReached(figure)) missed++
  }
}
process.exit(missed > 0 ? 1 : 0)
