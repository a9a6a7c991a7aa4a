/** The titles of the cases that fail, all run at once: with a driver that keeps its promises, none. */
export async function failuresOf<O>(
  cases: readonly { title: string; run(open: O): Promise<void> }[],
  open: O,
): Promise<string[]> {
  const outcomes = await Promise.allSettled(cases.map(({ run }) => run(open)));
  return cases.filter((_, i) => outcomes[i]?.status === 'rejected').map(({ title }) => title);
}
