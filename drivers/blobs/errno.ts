/** Whether a system call failed for one of these reasons. Not by `instanceof`: jest's realm has another Error. */
export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && codes.some((code) => code === error.code);

/** For `.catch`: these reasons are no failure here. */
export const ignore =
  (...codes: string[]) =>
  (error: unknown): void => {
    if (!hasCode(error, ...codes)) throw error;
  };
