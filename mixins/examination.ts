import { examplesOf, type Disorder, type Examination, type Finding } from '../services/contracts/examination.ts';

/** What an examination comes to, as it goes on. */
export interface Tallied {
  saw(count: number): void;
  found(disorder: Disorder, example: string, mended: boolean): void;
  result(): Examination;
}

export function examination(): Tallied {
  const findings = new Map<Disorder, Finding>();
  let seen = 0;
  return {
    saw(count) {
      seen += count;
    },
    found(disorder, example, mended) {
      const finding = findings.get(disorder) ?? { disorder, count: 0, mended: 0, examples: [] };
      findings.set(disorder, finding);
      finding.count += 1;
      if (mended) finding.mended += 1;
      if (finding.examples.length < examplesOf) finding.examples.push(example);
    },
    result: () => ({ seen, findings: [...findings.values()] }),
  };
}
