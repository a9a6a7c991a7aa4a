/** What a word after `vitrail` stands for. */
export interface Command {
  /** For `--help`: the line to type, and what it means. */
  usage: string;
  /**
   * Does it. Answers the exit status, or nothing where the process goes on by itself: 0 all is done, 1 it is not (all).
   * @throws what a person did wrong, as an error of `Refusal`'s kind: one line, and no stack
   */
  run(args: string[]): Promise<number | undefined>;
}

/** What was asked for is not done, and why, in one line that says what would help. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal';
  /** Of the process. */
  readonly status: number = 1;
}

/** What was typed means nothing. */
export class Misuse extends Refusal {
  override readonly name = 'Misuse';
  override readonly status = 2;
}
