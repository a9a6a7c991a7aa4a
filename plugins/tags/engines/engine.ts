import type { Network, Tensor } from '../networks/model.ts';

/** Runs a network on one picture, [1, edge, edge, 3] as its declaration scales it, and gives its outputs in their order. */
export type Session = (input: Float32Array) => Promise<Tensor[]>;

/** What runs networks. To be used in a thread of its own: both block the one they are called on. */
export interface Engine {
  readonly name: 'onnx' | 'tfjs';
  open(network: Network): Promise<Session>;
}
