import type { IncomingMessage } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { VitrailError } from '../contracts/errors.ts';
import type { ClientAddress } from './client-address.ts';

/** What goes out with an answer: how much a client may ask, and how much of it is left (draft-ietf-httpapi-ratelimit-headers). */
export type RateLimitHeaders = Record<'RateLimit-Policy' | 'RateLimit', string>;

/** Counts a request. `tell` gets the headers of its answer, whatever that is. @throws request.too-many */
export type RateLimit = (req: IncomingMessage, tell: (headers: RateLimitHeaders) => void) => Promise<void>;

/** In seconds. */
const window = 60;

/** So many requests a minute by each client; 0: as many as they like. Each node counts for itself. */
export function rateLimit(points: number, addressOf: ClientAddress): RateLimit {
  if (points === 0) return async () => undefined;
  const limiter = new RateLimiterMemory({ points, duration: window });
  const policy = `"default";q=${points};w=${window}`;
  const headersOf = ({ remainingPoints, msBeforeNext }: RateLimiterRes): RateLimitHeaders => ({
    'RateLimit-Policy': policy,
    RateLimit: `"default";r=${Math.max(0, remainingPoints)};t=${Math.ceil(msBeforeNext / 1000)}`,
  });
  return async (req, tell) => {
    const counted = await limiter.consume(addressOf(req)).catch((refused: unknown) => refused);
    if (!(counted instanceof RateLimiterRes)) throw counted;
    tell(headersOf(counted));
    if (counted.consumedPoints <= points) return;
    const retryAfter = Math.ceil(counted.msBeforeNext / 1000);
    throw new VitrailError(
      'request.too-many',
      `${points} requests a minute are allowed (VITRAIL_RATE_LIMIT); come again in ${retryAfter} s.`,
      {
        retryAfter,
      },
    );
  };
}
