import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { until } from '../fixtures/until.ts';
import { launcher } from './vitrail.ts';

export interface Terminal extends AsyncDisposable {
  /** All that was shown, without colours and moves of the cursor. */
  screen(): string;
  /** Types a line; answers what was shown from there to the next prompt. */
  type(line: string): Promise<string>;
  press(key: string): void;
  /** Its status, when it has ended. */
  ended: Promise<number | null>;
}

const prompt = 'vitrail $ ';
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** `npx vitrail …` on a pseudo-terminal of its own (util-linux `script`), with somebody who types. */
export function onTerminal(args: string[], env: Record<string, string>): Terminal {
  const line = [process.execPath, launcher, ...args].map(quoted).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', line, '/dev/null'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], HOME: env['HOME'], TERM: 'xterm', TMPDIR: process.env['TMPDIR'], ...env },
  });
  let raw = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (raw += text));
  const screen = (): string => stripVTControlCharacters(raw);
  const prompts = (): number => screen().split(prompt).length - 1;
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    screen,
    ended,
    press: (key) => child.stdin.write(key),
    async type(text) {
      const [before, from] = [prompts(), screen().length];
      child.stdin.write(`${text}\r`);
      // The line is shown again at each key, after the prompt: what was asked has been answered when the line is empty again.
      await until(
        `an answer to ${text}`,
        () => screen().length > from + text.length && prompts() > before && screen().endsWith(prompt),
      );
      return screen().slice(from);
    },
    async [Symbol.asyncDispose]() {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
      await ended;
    },
  };
}
