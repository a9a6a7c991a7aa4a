import { jest } from '@jest/globals';
import { ServiceBroker } from 'moleculer';
import { unhosted } from './unhosted.ts';

let broker: ServiceBroker;
beforeEach(async () => {
  broker = new ServiceBroker({ nodeID: 'one', logger: false, middlewares: [unhosted] });
  broker.createService({ name: 'there', actions: { ask: () => 'answer' } });
  await broker.start();
  jest.spyOn(broker.logger, 'warn');
});
afterEach(() => broker.stop());

it('what is hosted is asked', async () => {
  expect(await broker.call('there.ask')).toBe('answer');
  expect(await broker.call('there.ask', {}, { nodeID: 'one' })).toBe('answer');
});

it.each([
  ['nowhere.ask', undefined, 'ServiceNotFoundError'],
  ['there.ask', 'other', 'ServiceNotFoundError'],
])('%s on %s is refused, and nothing is logged', async (action, nodeID, name) => {
  await expect(broker.call(action, {}, nodeID === undefined ? {} : { nodeID })).rejects.toMatchObject({ name, data: { action } });
  expect(broker.logger.warn).not.toHaveBeenCalled();
});

it('what nobody can take now is refused, and nothing is logged', async () => {
  for (const host of broker.registry.getActionEndpoints('there.ask').endpoints) Object.assign(host, { state: false });
  await expect(broker.call('there.ask')).rejects.toMatchObject({ name: 'ServiceNotAvailableError' });
  expect(broker.logger.warn).not.toHaveBeenCalled();
});
