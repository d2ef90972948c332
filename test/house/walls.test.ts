import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesOf, read } from './files.ts'

// What lint rules can't say. Each test names the files that break the rule.

const sources = filesOf('src').filter((file) => file.endsWith('.ts'))
const programs = sources.filter((file) => !file.endsWith('.test.ts'))
const all = [...sources, ...filesOf('test'), ...filesOf('migrations'), ...filesOf('bench')].filter((file) => file.endsWith('.ts'))
const lines = (file: string) => read(file).trimEnd().split('\n').length
// Comments and texts may speak of what the code must not do.
const code = (file: string) => read(file).replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
const breaking = (files: readonly string[], rule: (file: string) => boolean) => files.filter(rule)

describe('the house', () => {
  test('half of its files have 80 lines or fewer, and none has more than 300', () => {
    const sizes = programs.map(lines).toSorted((a, b) => a - b)
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(80)
    expect(breaking(all, (file) => lines(file) > 300)).toEqual([])
  })

  test('names files in kebab-case, and none index, utils or the like', () => {
    expect(breaking(all, (file) => !/^[a-z0-9-]+(\.[a-z0-9-]+)*\.ts$/.test(basename(file)))).toEqual([])
    expect(breaking(all, (file) => /^(index|utils?|helpers?|misc|common)\.ts$/.test(basename(file)))).toEqual([])
  })

  test('asks only the kernel for time and chance', () => {
    const outside = programs.filter((file) => !file.startsWith('src/kernel/') && !/^src\/(cli|embedded|config)\//.test(file))
    expect(
      breaking(outside, (file) => /\bDate\.now\(|new Date\(\)|Math\.random\(|randomUUID|performance\.now\(|randomBytes/.test(code(file))),
    ).toEqual([])
  })

  test('writes SQL in stores only', () => {
    const routes = programs.filter((file) => /\/(api|view|schema|states)\.ts$/.test(file) && !file.startsWith('src/kernel/'))
    expect(breaking(routes, (file) => /\.(selectFrom|insertInto|updateTable|deleteFrom)\(/.test(code(file)))).toEqual([])
  })

  test('knows which database it speaks to in few places', () => {
    const deciding = programs.filter((file) => /\bfamily === '(postgres|mysql)'/.test(code(file)))
    expect(breaking(deciding, (file) => !file.startsWith('src/kernel/'))).toEqual([])
  })

  test('touches only tables of its own', () => {
    const services = ['keystone', 'glance', 'placement', 'neutron', 'nova']
    const foreign = programs.filter((file) => {
      const own = services.find((service) => file.startsWith(`src/${service}/`))
      return own && services.some((other) => other !== own && new RegExp(`['"\`]${other}_[a-z_]+( as|['"\`.])`).test(code(file)))
    })
    expect(foreign).toEqual([])
  })

  test('has no service, manager or implementation classes, and few classes at all', () => {
    const classes = programs.flatMap((file) => [...code(file).matchAll(/\bclass (\w+)/g)].map((match) => match[1]!))
    expect(classes.filter((name) => /(Manager|Service|Impl|Helper|Util)$/.test(name))).toEqual([])
    expect(classes.length).toBeLessThan(25)
  })

  test('documents every exported function of the kernel and the cloud layer', () => {
    const shared = programs.filter((file) => /^src\/(kernel|cloud)\//.test(file))
    const bare = shared.flatMap((file) =>
      [...read(file).matchAll(/(^|\n)([^\n]*)\nexport (?:async )?function (\w+)/g)]
        .filter((match) => !match[2]!.trim().endsWith('*/'))
        .map((match) => `${file}: ${match[3]!}`),
    )
    expect(bare).toEqual([])
  })

  test('names no registry in its lock file, and pins every dependency', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/)
    const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies })
    expect(versions.filter(([, version]) => !/^\d/.test(version))).toEqual([])
  })
})
