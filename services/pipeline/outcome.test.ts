import { Errors } from 'moleculer';
import { VitrailError, type ErrorCode } from '../contracts/errors.ts';
import { manifest } from '../../test/fixtures/manifest.ts';
import { row } from './fixtures.ts';
import { stateOf } from './ledger.ts';
import { backoff, maxInterruptions, outcomeOf } from './outcome.ts';

const options = { policy: manifest('x').run, retryMs: [1000, 3000, 10_000], available: true };
const after = (attempts: number, error: unknown, interruptions = 0, available = true) =>
  outcomeOf(error, row('x', { attempts, interruptions }), { ...options, available });
const error = (code: ErrorCode) => new VitrailError(code, 'why');

describe('the outcome of a failed run', () => {
  it('is quarantine at once for a file that will never do, with its reason', () => {
    expect(after(1, error('enricher.refused'))).toMatchObject({
      verdict: 'quarantine',
      failure: { class: 'data', message: 'why' },
    });
  });

  it.each([
    ['enricher.failed', 'logic'],
    ['enricher.crashed', 'logic'],
    ['enricher.timeout', 'resource'],
    ['enricher.transient', 'temporary'],
    ['enricher.output-invalid', 'logic'],
  ] as const)('of %s is a retry until the attempts are used up', (code, kind) => {
    expect(after(3, error(code))).toMatchObject({ verdict: 'retry', failure: { class: kind, code } });
    expect(after(4, error(code))).toMatchObject({ verdict: 'quarantine', failure: { class: kind, code } });
  });

  it('does not count runs that ended because their node went away', () => {
    expect(after(6, error('enricher.failed'), 3)).toMatchObject({ verdict: 'retry' });
  });

  it('gives the attempt back where the run never began', () => {
    expect(after(4, new Errors.QueueIsFullError({ action: 'a', nodeID: 'n', service: 's', size: 1, limit: 1 }))).toMatchObject({
      verdict: 'postpone',
    });
    expect(after(4, Reflect.construct(Errors.BrokerDisconnectedError, []))).toMatchObject({ verdict: 'postpone' });
    expect(after(4, new Errors.ServiceNotAvailableError({ action: 'a', nodeID: 'n' }))).toMatchObject({ verdict: 'postpone' });
  });

  it('is an interruption where its node went away, and says little of the file until that has happened often', () => {
    const gone = new Errors.RequestRejectedError({ action: 'a', nodeID: 'n' });
    expect(after(4, gone)).toMatchObject({ verdict: 'interrupted', delayMs: 0, failure: { class: 'resource' } });
    expect(after(8, gone, 3)).toMatchObject({ verdict: 'interrupted', delayMs: 250 * 9 });
    expect(after(30, gone, maxInterruptions - 1)).toMatchObject({ verdict: 'quarantine' });
  });

  it('gives the attempt back where a server or the way to the node was away, here or there', () => {
    const across = Object.assign(new Error('The store of bytes does not answer.'), {
      name: 'VitrailError',
      type: 'engine.away',
      code: 503,
    });
    for (const away of [error('engine.away'), across, new Errors.BrokerDisconnectedError('gone')])
      expect(after(4, away)).toMatchObject({ verdict: 'postpone' });
  });

  it('counts a run that did not answer in time', () => {
    const late = new Errors.RequestTimeoutError({ action: 'a', nodeID: 'n' });
    expect(after(1, late)).toMatchObject({ verdict: 'retry', failure: { code: 'enricher.timeout' } });
    expect(after(4, late)).toMatchObject({ verdict: 'quarantine' });
  });

  it('is a visible wait where no node hosts the enricher', () => {
    expect(after(1, new Errors.ServiceNotFoundError({ action: 'a', nodeID: 'n' }), 0, false)).toMatchObject({
      verdict: 'unavailable',
    });
  });

  it('does not repeat what an unknown error says', () => {
    expect(after(1, new Error('ENOENT /secret/path'))).toMatchObject({
      failure: { message: expect.not.stringContaining('secret') as string },
    });
  });
});

it('waits longer after each attempt, with jitter, and no longer than the last delay', () => {
  const delays = [1, 2, 3, 4, 50].map((attempt) => backoff(attempt, options.retryMs, () => 0.5));
  expect(delays).toEqual([1000, 3000, 10_000, 10_000, 10_000]);
  expect(backoff(1, [1000], () => 0)).toBe(750);
  expect(backoff(1, [1000], () => 1)).toBe(1250);
});

it('gives an asset the state of its rows', () => {
  const of = (...all: ('pending' | 'running' | 'done' | 'quarantined' | 'unavailable')[]) =>
    stateOf(all.map((status) => ({ status })));
  expect([
    of('done', 'pending'),
    of('running', 'quarantined'),
    of('done', 'done'),
    of('done', 'quarantined'),
    of('unavailable'),
    of(),
  ]).toEqual(['processing', 'processing', 'ready', 'degraded', 'degraded', 'ready']);
});
