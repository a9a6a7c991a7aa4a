import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordsConformance } from '../../../test/conformance/records.ts';
import { openSqliteRecords } from './open.ts';

const folder = await mkdtemp(join(tmpdir(), 'vitrail-records-'));
afterAll(() => rm(folder, { recursive: true }));

let opened = 0;
recordsConformance('sqlite', () => openSqliteRecords({ file: join(folder, `${(opened += 1)}.db`) }));
