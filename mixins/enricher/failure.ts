import type { Reason } from './job.ts';

/** A run that gave no result. The message is for people, and names nothing of this machine. */
export class RunError extends Error {
  override readonly name = 'RunError';
  readonly reason: Reason;
  constructor(reason: Reason, message: string) {
    super(message);
    this.reason = reason;
  }
}

const longest = 300;
const quotedPath = /(['"`])(?:file:\/\/|[A-Za-z]:)?[\\/][^'"`]*\1/g;
/** Two steps or more, with the place in the file where there is one. */
const path = /(?<![\w.:/\\])(?:file:\/\/|[A-Za-z]:)?(?:[\\/][\w.@+~%-]+){2,}(?::\d+)*/g;

/** What was thrown, on one line without paths or stack: fit for a record that clients see. */
export function inShort(thrown: unknown): string {
  const said = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  const line = said.replaceAll(quotedPath, '$1…$1').replaceAll(path, '…').replaceAll(/\s+/g, ' ').trim() || 'no reason given';
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

const meanings: Record<string, string> = {
  SIGSEGV: ', a fault in native code',
  SIGBUS: ', a fault in native code',
  SIGILL: ', a fault in native code',
  SIGFPE: ', a fault in native code',
  SIGABRT: ', as when memory runs out or native code gives up',
  SIGKILL: ' from outside, as the system does when memory runs out',
};

/** How a child process came to its end, as workerpool's message tells it, in words; null when it tells of no end. */
export function endInWords(message: string): string | null {
  const [, code] = /exitCode: `(\d+)`/.exec(message) ?? [];
  const [, signal] = /signalCode: `(SIG\w+)`/.exec(message) ?? [];
  if (signal !== undefined) return `its process was ended by ${signal}${meanings[signal] ?? ''}`;
  return code === undefined ? null : `its process ended with exit code ${code}`;
}
