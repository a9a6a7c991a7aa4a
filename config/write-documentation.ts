import { writeFile } from 'node:fs/promises';
import { configurationDocument, documentationFile } from './documentation.ts';

// `npm run docs:configuration`
await writeFile(documentationFile, await configurationDocument());
