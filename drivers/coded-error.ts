/** A failure of a port, as callers tell it from others: by `code`. Each port names its own (`port.ts`). */
export abstract class CodedError<Code extends string> extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
