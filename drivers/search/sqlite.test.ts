import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchConformance } from '../../test/conformance/search.ts';
import { openSqliteSearch } from './sqlite/open.ts';

const root = await mkdtemp(join(tmpdir(), 'vitrail-search-'));
afterAll(() => rm(root, { recursive: true, force: true }));

searchConformance('sqlite', (place) => openSqliteSearch({ file: join(root, `${place}.sqlite`) }));
