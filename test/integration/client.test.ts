import { execFile } from 'node:child_process';
import { copyFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import ts from 'typescript';
import { ask, samples, startApp, temporaryFolder } from './app.ts';

const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

/** The types of a document, bytes among them as what a form takes. */
async function typesOf(document: OpenAPI3): Promise<string> {
  const blob = ts.factory.createTypeReferenceNode('Blob');
  return astToString(await openapiTS(document, { transform: ({ format }) => (format === 'binary' ? blob : undefined) }));
}

/** What the compiler has to say of a file, as strictly as it can be. */
function faultsOf(file: string): string[] {
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
  });
  return ts.getPreEmitDiagnostics(program).map(({ messageText, file: of, start }) => {
    const line = of && start !== undefined ? of.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${of?.fileName ?? ''}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

it('a client that is generated from the document does the main job, and compiles', async () => {
  await using app = await startApp({ args: ['--import', join(samples, 'sunset.jpg')] });
  await using folder = await temporaryFolder('client');
  const { body } = await ask<OpenAPI3>(app, '/api/openapi.json');
  await writeFile(join(folder.path, 'api.ts'), await typesOf(body));
  await writeFile(join(folder.path, 'package.json'), '{ "type": "module" }');
  await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'));
  const job = join(folder.path, 'main-job.ts');
  await copyFile(join(root, 'test', 'fixtures', 'client', 'main-job.ts'), job);
  expect(faultsOf(job)).toEqual([]);
  const { stdout } = await run(process.execPath, [job, app.base, join(samples, 'two-dogs.jpg')]);
  expect(JSON.parse(stdout)).toMatchObject({ enrichers: expect.arrayContaining(['palette', 'variants']) as string[], nodes: 1 });
});
