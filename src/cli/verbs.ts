import type { Verb } from './verb.ts'

// Loaded one by one: a verb that is not asked for costs nothing.
const verbs: Record<string, () => Promise<Verb>> = {
  up: async () => (await import('./up.ts')).up,
  status: async () => (await import('./status.ts')).status,
  wait: async () => (await import('./wait.ts')).wait,
  env: async () => (await import('./env.ts')).env,
  logs: async () => (await import('./logs.ts')).logs,
  kill: async () => (await import('./kill.ts')).kill,
  drill: async () => (await import('./drill.ts')).drill,
  'ok-to-stop': async () => (await import('./ok-to-stop.ts')).okToStop,
  down: async () => (await import('./down.ts')).down,
  lab: async () => (await import('./lab.ts')).lab,
  serve: async () => (await import('./serve.ts')).serve,
  prepare: async () => (await import('./prepare.ts')).prepare,
  render: async () => (await import('./render.ts')).render,
  doctor: async () => (await import('./doctor.ts')).doctor,
  keys: async () => (await import('./keys.ts')).keys,
  policy: async () => (await import('./policy.ts')).policy,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
  topology: async () => (await import('./topology.ts')).topology,
  config: async () => (await import('./config.ts')).config,
  version: async () => (await import('./version.ts')).version,
  help: async () => (await import('./help-verb.ts')).help,
}

export const publicVerbs = Object.keys(verbs)

/** The verb of this name, if there is one. */
export const verbNamed = async (name: string): Promise<Verb | undefined> => (Object.hasOwn(verbs, name) ? verbs[name]?.() : undefined)

export const allVerbs = async (): Promise<Verb[]> => Promise.all(Object.values(verbs).map((load) => load()))
