import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** The process's Prometheus registry. */
export const metrics = new Registry()

const registers = [metrics]

export const transactionSeconds = new Histogram({
  name: 'skykeel_transaction_seconds',
  help: 'How long transactions take, repeats included',
  labelNames: ['name', 'outcome'],
  buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
  registers,
})
export const transactionRepeats = new Counter({
  name: 'skykeel_transaction_repeats_total',
  help: 'Transactions run again, by reason',
  labelNames: ['name', 'reason'],
  registers,
})
export const requestSeconds = new Histogram({
  name: 'skykeel_request_seconds',
  help: 'How long requests take',
  labelNames: ['service', 'route', 'status'],
  buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
  registers,
})
export const requestsRunning = new Gauge({ name: 'skykeel_requests_running', help: 'Requests being answered now', registers })
export const sagaSteps = new Counter({
  name: 'skykeel_saga_steps_total',
  help: 'Saga steps that ended, by outcome',
  labelNames: ['kind', 'step', 'outcome'],
  registers,
})
