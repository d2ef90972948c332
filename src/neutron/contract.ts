/** What other services may use of neutron. */
export type { NicPlan, NicRequest, ServerNic } from './nics/nic.ts'
export { planNics } from './nics/plan.ts'
export { markNicsActive, moveNics, plugNics, unplugNics, unplugPort, type PlugNics } from './nics/plug.ts'
export { nicsOf } from './nics/of-servers.ts'
export { seedNetworks } from './seed.ts'
