import { conformsUnderMoleculer } from '../../../test/conformance/records-under-moleculer.ts';
import { openSqliteRecords } from './open.ts';

conformsUnderMoleculer(() => openSqliteRecords({ file: ':memory:' }));
