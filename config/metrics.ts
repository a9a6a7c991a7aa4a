import type { BrokerOptions } from 'moleculer';
import type { Config } from './variables.ts';

/** What says nothing of how the node does, but of the machine and its user. */
const left = ['process.arguments', 'os.user.**', 'os.network.**'];

/**
 * Moleculer's own metrics for Prometheus, on a port of their own, which is the node's `host` as for every other: its reporter would
 * take all addresses. Each sample has the labels `nodeID` and `namespace`. Off unless asked for: with it a call that stays on the
 * node takes four to six times as long (docs/adr/0019-the-mesh.md).
 */
export function metricsOptions({ host, metricsPort }: Pick<Config, 'host' | 'metricsPort'>): BrokerOptions {
  if (metricsPort === undefined) return {};
  return {
    metrics: { enabled: true, reporter: { type: 'Prometheus', options: { host, port: metricsPort, excludes: left } } },
  };
}
