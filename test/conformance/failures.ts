/** A case that takes this long waits for something that a broken driver will never do. Generous: machines can be busy. */
const patienceMs = 20_000;

interface Case<O> {
  title: string;
  run(open: O): Promise<void>;
}

/** The title of the first case that fails, and why; null with a driver that keeps all promises. */
export async function firstFailure<O>(cases: readonly Case<O>[], open: O): Promise<string | null> {
  for (const { title, run } of cases) {
    const outOfPatience = Promise.withResolvers<never>();
    const timer = setTimeout(() => outOfPatience.reject(new Error('nothing happened any more')), patienceMs);
    const [outcome] = await Promise.allSettled([Promise.race([run(open), outOfPatience.promise])]);
    clearTimeout(timer);
    if (outcome.status === 'rejected') return `${title}: ${String(outcome.reason)}`;
  }
  return null;
}
