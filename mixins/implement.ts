import type { Context, Service, ServiceSchema, ServiceSettingSchema } from 'moleculer';
import type { z } from 'zod';
import { isRepeatable, type Action } from '../services/contracts/contract.ts';
import { VitrailError } from '../services/contracts/errors.ts';

type Handler<A extends Action, S> = (
  this: S,
  ctx: Context<z.output<A['params']>>,
) => Promise<z.output<A['result']>> | z.output<A['result']>;

/** The schema of a service whose handlers see `S` as `this`. */
export type SchemaOf<S extends Service> = ServiceSchema<
  ServiceSettingSchema,
  Record<string, unknown>,
  Record<string, unknown>,
  S
>;

/** Parses against a schema of a contract, or says in words what does not fit. */
export function parseParams<S extends z.ZodType>(schema: S, params: unknown): z.output<S> {
  const parsed = schema.safeParse(params ?? {});
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const detail = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  throw new VitrailError('params.invalid', detail, { issues });
}

/**
 * Turns a contract and its handlers into Moleculer actions. A handler that is missing, or fits neither params nor result, does
 * not compile. Params are parsed here rather than by Moleculer's validator, which deep-clones schemas and so breaks zod's.
 */
export function implement<C extends Record<string, Action>, S = Service>(
  contract: C,
  handlers: { [K in keyof C]: Handler<C[K], S> },
): NonNullable<ServiceSchema['actions']> {
  return Object.fromEntries(
    Object.entries(contract).map(([key, action]) => {
      const handle = handlers[key as keyof C];
      return [
        key,
        {
          ...(action.rest !== undefined && { rest: action.rest }),
          visibility: action.rest === undefined ? ('public' as const) : ('published' as const),
          retryPolicy: { enabled: isRepeatable(action) },
          async handler(this: Service, ctx: Context) {
            const asked = ctx.params;
            const params = parseParams(action.params, asked);
            if (action.status !== undefined) Object.assign(ctx.meta, { $statusCode: action.status });
            try {
              return await handle.call(this as S, Object.assign(ctx, { params }) as never);
            } catch (error) {
              // It may be tried again, and be parsed again then.
              ctx.params = asked;
              throw error;
            }
          },
        },
      ];
    }),
  );
}
