import { jest } from '@jest/globals';
import { Errors, ServiceBroker } from 'moleculer';
import { z } from 'zod';
import { VitrailError } from '../../services/contracts/errors.ts';
import { replCommand } from './command.ts';

const broker = new ServiceBroker({ logger: false });
afterEach(() => jest.restoreAllMocks());

it.each([
  [
    'a node that went away',
    new Errors.RequestRejectedError({ action: 'a.b', nodeID: 'n' }),
    /^The node that was asked has gone [^\n]*$/,
  ],
  ['what no node hosts', new Errors.ServiceNotFoundError({ action: 'a.b' }), /^No node that can answer this [^\n]*$/],
  ['a refusal', new VitrailError('asset.not-found', 'There is no such asset.'), /^There is no such asset\.$/],
  ['a mistake of ours', new Error('a fault'), /^Error: a fault\n +at /],
])('says of %s what a person can act on, and throws nothing', async (_, error, said) => {
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const command = replCommand({ command: 'fail', description: '', params: z.unknown(), run: () => Promise.reject(error) });
  await command.action(broker, {});
  expect(log.mock.calls).toEqual([[expect.stringMatching(said)]]);
});
