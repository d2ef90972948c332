import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'],
    globalSetup: ['test/helpers/databases.setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Waits inside tests have deadlines of their own, which say what they waited for.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
