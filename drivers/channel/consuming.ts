import { type Consumer, type ConsumeOptions, placesOf } from './port.ts';

/** The consumers that a driver serves. */
export interface Served<C> {
  add(consumer: C): unknown;
  delete(consumer: C): unknown;
}

/** Starts a consumer, which is served until it has stopped. @throws RangeError for options that will not do */
export function consuming<C extends Consumer>(options: ConsumeOptions, start: () => C, served: Served<C>): Consumer {
  placesOf(options);
  const consumer = start();
  served.add(consumer);
  return {
    wake: consumer.wake,
    async stop(graceMs) {
      await consumer.stop(graceMs);
      served.delete(consumer);
    },
  };
}
