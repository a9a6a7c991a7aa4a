import { z } from 'zod';

/** What does not fit together, and whose it is to find (docs/commands.md says what mends it). */
export const Disorder = z.enum([
  'original-missing',
  'derived-missing',
  'blob-unclaimed',
  'row-orphaned',
  'result-unledgered',
  'index-missing',
  'index-strange',
]);
export type Disorder = z.infer<typeof Disorder>;

/** Ids or keys that a finding names, at most. */
export const examplesOf = 10;

export const Finding = z.object({
  disorder: Disorder,
  count: z.int(),
  mended: z.int().describe('Those of them that are well now, or that work was begun for which makes them so'),
  examples: z.array(z.string()).max(examplesOf).describe('Ids of assets or of rows, or keys of blobs'),
});
export type Finding = z.infer<typeof Finding>;

export const Examination = z.object({
  seen: z.int().describe('Records, rows, blobs or documents that were looked at'),
  findings: z.array(Finding).describe('Of each disorder that there is'),
});
export type Examination = z.infer<typeof Examination>;

/** Without `fix` nothing is changed. All there is is looked at: it may take long, so it is called without a timeout. */
export const ExamineParams = z.strictObject({ fix: z.boolean().default(false) });
