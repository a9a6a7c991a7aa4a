import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Errors } from 'moleculer';
import { errorTable, isVitrailError, VitrailError } from './errors.ts';

const page = join(import.meta.dirname, '../../docs/errors.md');

/** The rows of the page's table, as cells; what stands above them is the head. */
async function rowsOfPage(): Promise<string[][]> {
  const lines = (await readFile(page, 'utf8')).split('\n').filter((line) => line.startsWith('| `'));
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

const rowsOfTable = Object.entries(errorTable).map(([code, { status, title, retry }]) => [
  `\`${code}\``,
  String(status),
  title,
  retry ? 'yes' : 'no',
]);

describe('docs/errors.md', () => {
  it('has every row of the error table, as it is there, and no other', async () => {
    const documented = (await rowsOfPage()).map((cells) => cells.slice(0, 4));
    expect(documented.map(([code]) => code)).toEqual(rowsOfTable.map(([code]) => code).sort());
    expect(documented).toEqual(expect.arrayContaining(rowsOfTable));
  });

  it('says for each what to do', async () => {
    const silent = (await rowsOfPage()).filter(({ length, 4: advice = '' }) => length !== 5 || advice.length < 10);
    expect(silent).toEqual([]);
  });
});

describe('an error of the table', () => {
  it('has a status of a client’s or a server’s fault, and a code with its area before the dot', () => {
    for (const [code, { status }] of Object.entries(errorTable)) {
      expect(code).toMatch(/^[a-z]+\.[a-z-]+$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
    }
  });

  it('carries code, status and data, and is not called again by the broker', () => {
    const error = new VitrailError('upload.too-large', 'too many bytes', { maxBytes: 5 });
    expect(error).toMatchObject({ type: 'upload.too-large', code: 413, data: { maxBytes: 5 }, retryable: false });
  });

  it('is known again by its type after its class is lost on the way from another node', () => {
    const fromElsewhere = new Errors.MoleculerError('gone', 404, 'asset.not-found');
    expect(isVitrailError(fromElsewhere)).toBe(true);
    expect(isVitrailError(fromElsewhere, 'asset.not-found')).toBe(true);
    expect(isVitrailError(fromElsewhere, 'blob.not-found')).toBe(false);
  });

  it('is not taken for one where it is something else', () => {
    const others = [
      new Error('plain'),
      new Errors.ServiceNotFoundError({ action: 'x' }),
      { type: 'asset.not-found' },
      new Errors.MoleculerError('odd', 500, 'toString'),
    ];
    expect(others.filter((other) => isVitrailError(other))).toEqual([]);
  });
});
