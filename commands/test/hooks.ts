/** Loaded before tests of a plugin (`--import`), in each process of Node's test runner. */
import { registerPluginResolution } from '../../mixins/enricher/resolve.ts';

registerPluginResolution();
