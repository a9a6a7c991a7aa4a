import { VitrailError } from './errors.ts';

/** The refusal of a cursor that is none, or of another list. */
export const cursorInvalid = (): VitrailError =>
  new VitrailError('search.cursor-invalid', 'Start again without a cursor, or keep the other parameters as they were.');
