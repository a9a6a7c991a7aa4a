import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { PermanentError, TransientError } from '../../sdk/index.ts';
import { ReaderMissing } from '../reader.ts';
import { inWords } from '../words.ts';

/** Milliseconds that it has to finish once it was told to stop. */
const FINISH_MS = 15_000;
/** Characters of what ffmpeg says that are kept: the beginning has what the file is, the end why it gave up. */
const SAID_MOST = 8192;

/** What is read of a run: each of its streams by its number. */
export interface Running {
  stream(number: number): Readable;
  /** Called with all that was said so far, up to a limit, whenever more is said. */
  onSaid(listen: (said: string) => void): void;
  /** Ends it; that is then no failure. */
  enough(): void;
  /** When it has gone; whether that was because its time was over. */
  ended: Promise<{ cut: boolean }>;
}

/** The group, as the program may have started others. */
function send(signal: 'SIGTERM' | 'SIGKILL', { pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has gone by itself.
  }
}

function whyNotStarted(error: NodeJS.ErrnoException): Error {
  if (error.code === 'ENOENT' || error.code === 'EACCES') return new ReaderMissing('There is no program ffmpeg on the PATH');
  return new TransientError('The program ffmpeg could not be started', { cause: error });
}

/** The temporary folder is full: another time, or another node, may do. */
const noRoom = (said: string): Error | undefined =>
  said.includes('No space left on device') ? new TransientError('There is no room for temporary files') : undefined;

/** It did not get as far as the file: not the file's fault. */
function whyUnfit(code: number | null, said: string): Error | undefined {
  if (said.includes('Input #0')) return undefined;
  const option = /Unrecognized option '([\w:]+)'|Unknown (?:muxer|encoder|filter)/.test(said);
  if (option) return new ReaderMissing('The program ffmpeg on the PATH is too old: 5.1 or later is needed');
  if (code === 127 || said.includes('error while loading shared libraries'))
    return new ReaderMissing('The program ffmpeg on the PATH does not run');
  return undefined;
}

/**
 * Runs ffmpeg once. `outputs` are what it finds open from 3 on: pipes, or files that are open here. `read` takes what comes out; all is read, or the process is ended, before this settles.
 * After `mostMs` milliseconds it is told to stop, and finishes the files it writes; that is no failure.
 * It leads a process group of its own: a Ctrl-C in a terminal is for the server to answer, not for it.
 * @throws PermanentError in words where the file is at fault, ReaderMissing where the program is not there or unfit.
 */
export async function runFfmpeg<T>(
  args: readonly string[],
  outputs: readonly ('pipe' | number)[],
  { mostMs, signal }: { mostMs: number; signal: AbortSignal },
  read: (running: Running) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const stdio = ['ignore', 'ignore', 'pipe', ...outputs] as const;
  const child = spawn('ffmpeg', ['-nostdin', '-hide_banner', ...args], { stdio: [...stdio], detached: true });
  const end = (): void => send('SIGKILL', child);
  let cut = false;
  let stuck = false;
  let sufficient = false;
  let said = '';
  const listeners: ((said: string) => void)[] = [];
  const stop = setTimeout(() => {
    cut = true;
    send('SIGTERM', child);
  }, mostMs);
  const giveUp = setTimeout(() => {
    stuck = true;
    end();
  }, mostMs + FINISH_MS);
  signal.addEventListener('abort', end, { once: true });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(whyNotStarted(error)));
    child.once('close', resolve);
  });
  closed.catch(() => undefined);
  const voice = child.stdio[2]!;
  voice.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.length > 2 * SAID_MOST) said = `${said.slice(0, SAID_MOST)}\n${said.slice(-SAID_MOST)}`;
    listeners.forEach((listen) => listen(said));
  });
  const streams = child.stdio as unknown as Readable[];
  streams.forEach((stream) => stream?.on('error', () => undefined));
  try {
    const outcome = read({
      stream: (number) => streams[number]!,
      onSaid: (listen) => listeners.push(listen),
      enough: () => {
        sufficient = true;
        end();
      },
      ended: closed.then(() => ({ cut })),
    });
    outcome.catch(end);
    const code = await closed;
    signal.throwIfAborted();
    if (stuck) throw new TransientError('Reading the video took too long, and ffmpeg did not stop when it was told to');
    const result = await outcome.catch((error: unknown) => {
      throw whyUnfit(code, said) ?? noRoom(said) ?? (error instanceof RangeError ? new PermanentError(inWords(said)) : error);
    });
    if (code === 0 || sufficient || cut) return result;
    if (code === null) throw new TransientError(`ffmpeg was ended by ${child.signalCode ?? 'a signal'} while it read the video`);
    throw whyUnfit(code, said) ?? noRoom(said) ?? new PermanentError(inWords(said));
  } finally {
    clearTimeout(stop);
    clearTimeout(giveUp);
    signal.removeEventListener('abort', end);
    end();
  }
}
