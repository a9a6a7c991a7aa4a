import { type Command, Refusal } from './commands/command.ts';
import { ConfigError } from './config/index.ts';
import { UnreadablePath } from './services/ingest/import/walk.ts';

interface Entry {
  does: string;
  /** Loaded when it is asked for: a node at work has no use for the others. */
  load(): Promise<Command>;
}

/** Without a word a node is started. */
const serve: Entry = { does: 'starts a node', load: async () => (await import('./commands/serve.ts')).serve };

const commands: Readonly<Record<string, Entry>> = {
  create: {
    does: 'writes the folder of a new enricher',
    load: async () => (await import('./commands/create.ts')).createCommand,
  },
  test: {
    does: "runs the tests of an enricher's folder",
    load: async () => (await import('./commands/test.ts')).testCommand,
  },
  import: {
    does: 'takes files in, and ends',
    load: async () => (await import('./commands/import.ts')).importCommand,
  },
  export: {
    does: 'writes all originals, with what is said of them',
    load: async () => (await import('./commands/export.ts')).exportCommand,
  },
  backup: {
    does: 'copies a data folder as it is at one moment',
    load: async () => (await import('./commands/backup.ts')).backupCommand,
  },
  restore: {
    does: 'makes a data folder from a backup',
    load: async () => (await import('./commands/restore.ts')).restoreCommand,
  },
  repl: {
    does: 'a console to a mesh',
    load: async () => (await import('./commands/repl.ts')).replCommand,
  },
  migrate: {
    does: 'moves everything from the data folder to the servers of the mesh, or back',
    load: async () => (await import('./commands/migrate.ts')).migrateCommand,
  },
};

const width = Math.max(...Object.keys(commands).map((word) => word.length));
const others = (): string =>
  Object.entries(commands).reduce((text, [word, { does }]) => `${text}\n  ${word.padEnd(width)}  ${does}`, '');

function pick(all: string[]): { entry: Entry; args: string[] } {
  const [word = ''] = all;
  const entry = Object.hasOwn(commands, word) ? commands[word] : undefined;
  return entry ? { entry, args: all.slice(1) } : { entry: serve, args: all };
}

async function start(all: string[]): Promise<number | undefined> {
  const { entry, args } = pick(all);
  const command = await entry.load();
  if (!args.includes('--help') && !args.includes('-h')) return command.run(args);
  console.log(command.usage);
  if (entry === serve) console.log(`\nOther commands, each with a --help of its own:${others()}`);
  return 0;
}

/** A flag that `parseArgs` does not know, or one without its value. */
const isMistyped = (error: unknown): boolean =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');

/** What is no fault of the program's: one line does, without a stack. */
const isExpected = (error: unknown): error is Error =>
  error instanceof ConfigError || error instanceof UnreadablePath || error instanceof Refusal || isMistyped(error);

/** 1: it was not done. 2: it was not understood. */
const statusOf = (error: unknown): number => (error instanceof Refusal ? error.status : isMistyped(error) ? 2 : 1);

/** The program: the command line's first word says which part of it. */
export async function run(args: string[]): Promise<void> {
  try {
    const status = await start(args);
    if (status !== undefined) process.exit(status);
  } catch (error) {
    console.error(isExpected(error) ? error.message : error);
    process.exit(statusOf(error));
  }
}
