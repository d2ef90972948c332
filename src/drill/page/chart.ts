import type { Report } from '../report.ts'
import type { Second } from '../timeline.ts'
import { escaped, span } from './html.ts'

const width = 960
const left = 56
const right = 12
const rate = { top: 34, bottom: 154 }
const latency = { top: 186, bottom: 336 }
const height = 366
/** Latencies from 1 ms to 30 s, on a logarithmic scale. */
const decades = [1, 10, 100, 1000, 10_000]
const mostMs = 30_000

/** Success and latency over the time of a drill, with every fault marked: one SVG, whose colours are the page's. */
export function chartOf({ timeline, rounds, lastedMs }: Pick<Report, 'timeline' | 'rounds' | 'lastedMs'>): string {
  const x = (ms: number) => fixed(left + (Math.min(ms, lastedMs) / Math.max(1, lastedMs)) * (width - left - right))
  const parts = [
    ...rounds.map(({ atMs, recoveryMs }) => bandOf(x(atMs), x(atMs + (recoveryMs ?? lastedMs)))),
    ...[0, 50, 100].map((percent) => gridLine(rateAt(percent / 100), `${percent} %`)),
    ...decades.map((ms) => gridLine(latencyAt(ms), span(ms))),
    heading(rate.top, 'Requests that succeeded'),
    heading(latency.top, 'Latency: median, and dashed the 99th percentile'),
    `<path class="area" d="${areaOf(timeline, x)}"/>`,
    `<path class="p99" d="${lineOf(timeline, x, ({ p99Ms }) => latencyAt(p99Ms))}"/>`,
    `<path class="p50" d="${lineOf(timeline, x, ({ p50Ms }) => latencyAt(p50Ms))}"/>`,
    ...rounds.map((round, index) => markOf(x(round.atMs), index + 1, `${round.fault} ${round.target}, ${span(round.recoveryMs)}`)),
    ...ticksOf(lastedMs).map((ms) => `<text class="tick" x="${x(ms)}" y="${height - 8}">${ms / 1000} s</text>`),
  ]
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img">`,
    '<title>What clients saw</title>',
    '<desc>Share of requests that succeeded and their latency for each second, with the faults by number. The tables below say the same.</desc>',
    ...parts,
    '</svg>',
  ].join('\n')
}

const fixed = (value: number): number => Number(value.toFixed(1))
const rateAt = (share: number): number => fixed(rate.bottom - share * (rate.bottom - rate.top - 12))
const latencyAt = (ms: number): number =>
  fixed(latency.bottom - (Math.log10(Math.min(Math.max(ms, 1), mostMs)) / Math.log10(mostMs)) * (latency.bottom - latency.top - 12))

const bandOf = (from: number, to: number): string =>
  `<rect class="band" x="${from}" y="${rate.top}" width="${fixed(Math.max(1, to - from))}" height="${latency.bottom - rate.top}"/>`

const gridLine = (y: number, label: string): string =>
  `<path class="grid" d="M${left} ${y}H${width - right}"/><text class="tick" x="${left - 6}" y="${fixed(y + 4)}">${label}</text>`

const heading = (top: number, text: string): string => `<text class="heading" x="${left}" y="${top - 10}">${text}</text>`

const markOf = (x: number, number: number, title: string): string =>
  `<g class="mark"><title>${escaped(title)}</title><path d="M${x} ${rate.top}V${latency.bottom}"/>` +
  `<circle cx="${x}" cy="${latency.bottom + 2}" r="8"/><text x="${x}" y="${latency.bottom + 6}">${number}</text></g>`

// A point stands for the middle of its second, a step for all of it.
function lineOf(timeline: readonly Second[], x: (ms: number) => number, y: (second: Second) => number): string {
  return timeline.map((second, index) => `${index === 0 ? 'M' : 'L'}${x(second.atMs + 500)} ${y(second)}`).join('')
}

function areaOf(timeline: readonly Second[], x: (ms: number) => number): string {
  const [first, last] = [timeline[0], timeline.at(-1)]
  if (!first || !last) return ''
  const steps = timeline.map((second) => `V${rateAt(second.succeeded / second.requests)}H${x(second.atMs + 1000)}`)
  return `M${x(first.atMs)} ${rate.bottom}${steps.join('')}V${rate.bottom}Z`
}

/** Round times, ten at most. */
function ticksOf(lastedMs: number): number[] {
  const step = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600].find((seconds) => lastedMs / (seconds * 1000) <= 10) ?? 7200
  return Array.from({ length: Math.floor(lastedMs / (step * 1000)) + 1 }, (_, index) => index * step * 1000)
}
