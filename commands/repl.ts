import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { ServiceBroker } from 'moleculer';
import { config } from '../config/index.ts';
import { meshOptions } from '../config/mesh.ts';
import { hostedServices } from '../config/roles.ts';
import { version } from '../config/version.ts';
import { type Command, Refusal } from './command.ts';
import { openRepl, refuseWithoutTerminal } from './repl/repl.ts';

const usage = `Usage: vitrail repl

A console to a mesh (VITRAIL_PROFILE=distributed, VITRAIL_NATS_URL, VITRAIL_NAMESPACE), as a node of its own that hosts nothing:
assets, asset, enrichers, enrich, lanes, quarantine, replay, reindex, nodes, doctor; help tells of each. For a process alone, start
it with --repl instead. See docs/commands.md.

Status 0 when it is left, 1 when there is no mesh or no terminal, 2 when the line is not understood.`;

/** How long the mesh is waited for, in ms, before that is said. */
const sayAfterMs = 5000;

/** A console that comes and goes beside the nodes that do the work. */
export const replCommand: Command = {
  usage,
  async run(args) {
    parseArgs({ args });
    refuseWithoutTerminal();
    const settings = config();
    if (settings.profile !== 'distributed')
      throw new Refusal(
        'There is no mesh to join (VITRAIL_PROFILE=embedded): npm start -- --repl opens a console to a process alone.',
      );
    const broker = new ServiceBroker({
      namespace: settings.namespace,
      nodeID: `ops-${hostname()}-${process.pid}`,
      metadata: { role: 'ops', version, startedAt: Date.now(), slots: 0 },
      logger: { type: 'Console', options: { level: 'warn' } },
      skipProcessEventRegistration: true,
      requestTimeout: 120_000,
      ...meshOptions(settings),
    });
    const late = setTimeout(() => console.error('Waiting for NATS (VITRAIL_NATS_URL)'), sayAfterMs);
    await broker.start();
    clearTimeout(late);
    await broker.waitForServices(hostedServices({ role: 'core', services: undefined }), 10_000, 250).catch(() => {
      console.error('Not every service has a node yet: see nodes.');
    });
    console.log(`Joined ${settings.namespace || 'the mesh'} as ${broker.nodeID}. Try help, or doctor.`);
    openRepl(broker);
    return undefined;
  },
};
