/** How many bits of two hexadecimal strings differ (Hamming distance); infinitely many where they are not equally long. */
export function bitsApart(a: string, b: string): number {
  if (a.length !== b.length) return Infinity;
  return (BigInt(`0x0${a}`) ^ BigInt(`0x0${b}`)).toString(2).replaceAll('0', '').length;
}
