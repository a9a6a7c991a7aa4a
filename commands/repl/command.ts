import type { ServiceBroker } from 'moleculer';
import { z } from 'zod';
import { isAway } from '../../mixins/engine-errors.ts';
import { isVitrailError } from '../../services/contracts/errors.ts';
import { Refusal } from '../command.ts';

/** What moleculer-repl takes: https://moleculer.services/docs/0.15/moleculer-repl#Custom-commands */
export interface CustomCommand {
  command: string;
  description: string;
  options: { option: string; description: string }[];
  action(broker: ServiceBroker, params: unknown): Promise<void>;
}

interface Definition<P extends z.ZodType> {
  /** As it is typed: `asset <id>`. */
  command: string;
  description: string;
  options?: CustomCommand['options'];
  /** The words of `command` by name, and `options`. */
  params: P;
  /** Does it; answers the lines to print. */
  run(broker: ServiceBroker, params: z.output<P>): Promise<readonly string[]>;
}

/** What went wrong, in a line that a person can act on; a mistake of ours keeps its stack. */
function said(error: unknown): string {
  if (error instanceof Refusal || isVitrailError(error)) return error.message;
  if (error instanceof z.ZodError) return `This does not fit: ${z.prettifyError(error)}`;
  const code = error instanceof Error && 'type' in error ? String(error.type) : '';
  if (code === 'SERVICE_NOT_FOUND' || code === 'SERVICE_NOT_AVAILABLE')
    return 'No node that can answer this is there now: see nodes, and try again.';
  if (isAway(error))
    return 'The node that was asked has gone or does not answer, and may or may not have done it: see nodes, and try again.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** A command of the console: typed params in, lines out; what fails is said and ends nothing. */
export function replCommand<P extends z.ZodType>({ params: shape, run, ...about }: Definition<P>): CustomCommand {
  return {
    options: [],
    ...about,
    async action(broker, params) {
      try {
        for (const line of await run(broker, shape.parse(params))) console.log(line);
      } catch (error) {
        console.log(said(error));
      }
    },
  };
}
