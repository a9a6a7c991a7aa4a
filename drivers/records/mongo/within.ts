/** What `work` comes to within so many ms, else what `late` answers or throws; the work goes on unattended then. */
export async function within<T, L>(ms: number, work: Promise<T>, late: () => L): Promise<T | L> {
  const { promise: passed, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), ms);
  try {
    const first = await Promise.race([work.then((value) => ({ value })), passed]);
    return first === 'late' ? late() : first.value;
  } finally {
    clearTimeout(timer);
  }
}
