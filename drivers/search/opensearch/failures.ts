import { errors } from '@opensearch-project/opensearch';
import { SearchError } from '../port.ts';

/** What the server said no to. `type` is its own word for it: `index_not_found_exception`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly type: string;

  constructor(type: string, reason: string) {
    super(`OpenSearch refused it: ${type}: ${reason.slice(0, 300)}`);
    this.type = type;
  }
}

export interface Said {
  type?: string;
  reason?: string;
  root_cause?: Said[];
  failed_shards?: { reason?: Said }[];
}

export const unavailable = (why: string): SearchError => new SearchError('search.unavailable', `the search server ${why}`);

/** Too busy, or between us and it something that cannot reach it. */
const busy = [429, 502, 503, 504];

/** What the server's own account of a failure is to us. Of a failed search its shards know why. */
export function refusalOf(said: Said | undefined, status: number): Error {
  const { type = 'unknown', reason = '' } = said?.failed_shards?.[0]?.reason ?? said?.root_cause?.[0] ?? said ?? {};
  if (busy.includes(status) && !passing.has(type)) return unavailable(`is too busy or cannot be reached (status ${status})`);
  return new Refusal(type, reason);
}

/** An index or one of its shards is not there, or not there yet. */
const missing = new Set(['index_not_found_exception', 'alias_not_found_exception', 'aliases_not_found_exception']);
const passing = new Set([
  'no_shard_available_action_exception',
  'unavailable_shards_exception',
  'shard_not_found_exception',
  'illegal_index_shard_state_exception',
  'index_shard_closed_exception',
  'index_closed_exception',
  'search_context_missing_exception',
  'search_phase_execution_exception',
  'already_closed_exception',
]);

const isRefusal = (error: unknown, types: ReadonlySet<string>): boolean => error instanceof Refusal && types.has(error.type);

export const isMissing = (error: unknown): boolean => isRefusal(error, missing);
export const isPassing = (error: unknown): boolean => isRefusal(error, passing);
/** Somebody else made an index of this name. */
export const isTaken = (error: unknown): boolean => isRefusal(error, new Set(['resource_already_exists_exception']));
/** The index is there, and has no such document. */
export const isAbsent = (error: unknown): boolean => isRefusal(error, new Set(['status 404']));
/** Somebody else wrote in between. */
export const isConflict = (error: unknown): boolean => isRefusal(error, new Set(['version_conflict_engine_exception']));
/** The index does not know a field: it was made by one who did not know it either. */
export const isUnmapped = (error: unknown): boolean => isRefusal(error, new Set(['strict_dynamic_mapping_exception']));

/**
 * What a failure of the client is to those who asked. The client's own errors hold addresses, headers and whole bodies: none of
 * that is passed on, not as a cause either.
 */
export function failureOf(error: unknown): Error {
  if (error instanceof errors.ResponseError) {
    const { error: said = '' } = (error.body ?? {}) as { error?: Said | string };
    const status = error.statusCode ?? 0;
    return refusalOf(typeof said === 'object' ? said : { type: `status ${status}`, reason: said }, status);
  }
  if (error instanceof errors.TimeoutError) return unavailable('does not answer in time');
  if (error instanceof errors.ConnectionError || error instanceof errors.NoLivingConnectionsError)
    return unavailable('cannot be reached');
  return unavailable(`could not be asked (${error instanceof Error ? error.name : 'unknown'})`);
}
