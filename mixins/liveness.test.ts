import { ServiceBroker } from 'moleculer';
import { isAlive, runnerOf } from './liveness.ts';

const broker = (nodeID: string, transporter?: 'Fake'): ServiceBroker =>
  new ServiceBroker({ nodeID, logger: false, namespace: 'liveness', ...(transporter !== undefined && { transporter }) });

it('a process that is alone is alive, and nobody else', () => {
  const alone = broker('a');
  expect(isAlive(alone, runnerOf(alone))).toBe(true);
  expect(isAlive(alone, runnerOf(broker('a')))).toBe(false);
  expect(isAlive(alone, runnerOf(broker('b')))).toBe(false);
});

it('a process under the name of another is known to be its end, of others nothing is said before they could be heard', async () => {
  const [before, a, b, away] = [broker('b'), broker('a', 'Fake'), broker('b', 'Fake'), broker('c')];
  await Promise.all([a.start(), b.start()]);
  try {
    await a.waitForServices('$node');
    while (!a.registry.nodes.get('b')?.available) await new Promise((resolve) => setImmediate(resolve));
    expect(isAlive(a, runnerOf(b))).toBe(true);
    expect(isAlive(a, runnerOf(before))).toBe(false);
    expect(isAlive(a, runnerOf(broker('a')))).toBe(false);
    expect(isAlive(a, runnerOf(away))).toBe(true);
  } finally {
    await Promise.all([a.stop(), b.stop()]);
  }
});
