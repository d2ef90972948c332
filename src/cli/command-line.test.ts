import { expect, test } from 'vitest'
import { readCommandLine } from './command-line.ts'
import { helpOf, overview } from './help.ts'
import { kill } from './kill.ts'
import { up } from './up.ts'
import { allVerbs } from './verbs.ts'

test('settings and flags are read in every way they are written', () => {
  const line = readCommandLine(up, ['-d', '--controllers=3', '--port', '1', '--ephemeral', '--no-native-ports', '--config', 'x.yaml'])
  expect(line).toMatchObject({
    flags: { detach: 'true' },
    settings: { controllers: '3', port: '1', ephemeral: 'true', nativePorts: 'false' },
    configFile: 'x.yaml',
    help: false,
  })
})

test('an unknown option is refused, and the nearest one named', () => {
  expect(() => readCommandLine(up, ['--controlers', '3'])).toThrow('skykeel up has no option --controlers')
  try {
    readCommandLine(up, ['--controlers', '3'])
  } catch (error) {
    expect((error as { hint: string }).hint).toBe('Did you mean --controllers?')
  }
})

test('an option without its value is refused', () => {
  expect(() => readCommandLine(up, ['--port'])).toThrow('--port needs a value')
})

test('a signal may be written as a number', () => {
  expect(readCommandLine(kill, ['controller-1', '-9'])).toMatchObject({ positionals: ['controller-1'], flags: { signal: '9' } })
})

test('every verb has help with an example that begins with the command', async () => {
  const verbs = await allVerbs()
  const text = overview(verbs)
  for (const verb of verbs) {
    expect(text).toContain(`  ${verb.name} `)
    expect(helpOf(verb)).toMatch(new RegExp(`Usage: skykeel ${verb.name}[^]*Examples:\\n  .*skykeel`))
    expect(verb.summary.endsWith('.')).toBe(false)
  }
})
