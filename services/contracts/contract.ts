import type { CallingOptions } from 'moleculer';
import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One action as callers know it: its name on the mesh, what goes in, what comes out and, where it is public, its REST route. */
export interface Action<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly params: P;
  readonly result: R;
  /** Method and path below `/api`, path parameters as `:name`. Without it the action is for the mesh only. */
  readonly rest?: `${Method} /${string}`;
  readonly summary?: string;
  /** Refusals of its own, beside those that any address may answer with (services/api/openapi-parts.ts). */
  readonly errors?: readonly ErrorCode[];
  /** The HTTP status of success, where it is neither 200 nor, without a result, 204. */
  readonly status?: 201;
}

/**
 * Whether asking twice is asking once (RFC 9110, 9.2.2), so that what was asked of a node that has gone may be asked of another. Not
 * DELETE: who asks would hear of the second time that there is no such thing.
 */
export const isRepeatable = ({ rest }: Pick<Action, 'rest'>): boolean => rest !== undefined && /^(GET|PUT) /.test(rest);

type Declared = Record<string, Omit<Action, 'name'>>;
export type Contract<D extends Declared> = { readonly [K in keyof D]: D[K] & { readonly name: string } };

/** Declares the actions of a service: `contract('search', { query: … })` gives `search.query`, named `search.query` on the mesh. */
export function contract<const D extends Declared>(service: string, actions: D): Contract<D> {
  const named = Object.entries(actions).map(([key, action]) => [key, Object.freeze({ ...action, name: `${service}.${key}` })]);
  return Object.freeze(Object.fromEntries(named) as Contract<D>);
}

interface Caller {
  call<R, P>(name: string, params: P, opts?: CallingOptions): Promise<R>;
}

/**
 * The only way from one service to another. `from` is the context of the running request, so that its trace and deadline go
 * along, or the broker where work begins.
 */
export function call<A extends Action>(
  from: Caller,
  action: A,
  params: z.input<A['params']>,
  opts?: CallingOptions,
): Promise<z.output<A['result']>> {
  return from.call<z.output<A['result']>, z.input<A['params']>>(action.name, params, opts);
}
