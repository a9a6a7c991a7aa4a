import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/** What plugin authors import, where their folder does not bring its own: the contract, and for their tests the kit. */
const sdk = new Map([
  ['vitrail/sdk', new URL('../../plugins/sdk/index.ts', import.meta.url).href],
  ['vitrail/sdk/testkit', new URL('../../plugins/sdk/testkit.ts', import.meta.url).href],
]);
const lent = /^(zod|sharp)(\/|$)/;
const notFound = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_PACKAGE_PATH_NOT_EXPORTED']);

const ours = createRequire(import.meta.url);
let registered = false;

/**
 * Lets a plugin folder lie anywhere on disk: `vitrail/sdk` with its test kit, `zod` and `sharp` resolve to ours wherever they cannot be resolved
 * from the plugin itself. For the process that calls it; again does no harm. (Node's synchronous hooks: ES modules and require.)
 */
export function registerPluginResolution(): void {
  if (registered) return;
  registered = true;
  registerHooks({
    resolve(specifier, context, next) {
      const strange = !sdk.has(specifier) && !lent.test(specifier);
      if (strange || context.parentURL === import.meta.url) return next(specifier, context);
      try {
        return next(specifier, context);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && notFound.has(String(error.code)))) throw error;
        const url = sdk.get(specifier);
        if (url !== undefined) return { url, format: 'module-typescript', shortCircuit: true };
        // `require` looks from the module that asks, whatever parent it is told.
        if (context.conditions.includes('require'))
          return { url: pathToFileURL(ours.resolve(specifier)).href, shortCircuit: true };
        return next(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
}
