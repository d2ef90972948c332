import { invalid } from '../kernel/errors.ts'
import type { Order } from '../kernel/sagas/orders.ts'
import type { Driver, GuestSpec, GuestState, Resources } from './drivers/driver.ts'

type Act = (driver: Driver, host: string, order: Order, signal: AbortSignal) => Promise<GuestState | undefined>

const power =
  (wanted: GuestState['power']): Act =>
  (driver, host, { subject }, signal) =>
    driver.setPower(host, subject, wanted, signal)

/** What each order means to a driver. The subject is the guest's id. */
const acts: Readonly<Record<string, Act>> = {
  build: (driver, host, { body }, signal) => driver.build(host, (body as { server: GuestSpec }).server, signal),
  destroy: async (driver, host, { subject }, signal) => {
    await driver.destroy(host, subject, signal)
    return undefined
  },
  start: power('running'),
  stop: power('shutdown'),
  pause: power('paused'),
  unpause: power('running'),
  suspend: power('suspended'),
  resume: power('running'),
  reboot: (driver, host, { subject, body }, signal) =>
    driver.reboot(host, subject, (body as { hard?: boolean } | null)?.hard === true, signal),
  resize: (driver, host, { subject, body }, signal) => driver.resize(host, subject, body as Resources, signal),
  console: (driver, host, { subject }) => driver.state(host, subject),
}

/** Carries an order out. Throws a Fault for one that the host refuses, or doesn't know. */
export async function carryOut(driver: Driver, host: string, order: Order, signal: AbortSignal): Promise<GuestState | undefined> {
  const act = Object.hasOwn(acts, order.name) ? acts[order.name] : undefined
  if (!act) throw invalid(`The host knows no order "${order.name}".`)
  return act(driver, host, order, signal)
}
