import '../src/cli/quick-imports.ts'
import { makeTemplate } from '../src/embedded/postgres/start.ts'
import { cacheDir } from '../src/embedded/supervisor/plan.ts'

// Part of the installation: what the first start of a cloud would otherwise wait for. Importing a program compiles it into the cache that all
// programs share; nothing runs by being imported.
await Promise.all([
  import('../src/cli/up.ts'),
  import('../src/cli/serve.ts'),
  import('../src/cli/prepare.ts'),
  import('../src/embedded/run-cloud.ts'),
  import('../src/embedded/prepare.ts'),
  import('../src/embedded/controller-process.ts'),
  import('../src/embedded/agent-process.ts'),
  import('../src/embedded/balancer-process.ts'),
])
await makeTemplate(cacheDir)
