import { variables } from '../config/variables.ts';
import { composeOf, readFiles, stagesOf } from './fixtures/infrastructure/files.ts';

const files = readFiles();
const known = Object.values(variables).map(({ name }) => name as string);
const ofVitrail = (text: string): string[] => text.match(/\bVITRAIL_[A-Z0-9_]+/g) ?? [];

/** The program refuses to start with a variable of its prefix that it does not know. */
describe('variables of nodes', () => {
  it.each([
    ['docker-compose.yml', Object.values(composeOf(files).services).flatMap(({ environment = {} }) => Object.keys(environment))],
    ['.env.example', [files.settings]],
    ['deploy/Dockerfile', stagesOf(files).flatMap((stage) => stage.map(({ rest }) => rest))],
    ['docs/infrastructure.md', [files.manual]],
  ])('are those that the program knows, in %s', (_file, texts) => {
    const named = new Set(texts.flatMap(ofVitrail));
    expect([...named].filter((name) => !known.includes(name))).toEqual([]);
  });
});
