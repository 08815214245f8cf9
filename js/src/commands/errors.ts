/** The page's Content-Security-Policy forbids compiling code from text. */
export class BlockedError extends EvalError {
  override name = "EvalError";

  constructor() {
    super("this page's Content-Security-Policy forbids running code: its script-src lacks 'unsafe-eval'");
  }
}

/** An argument's name is not valid in JavaScript. */
export class ArgumentNameError extends SyntaxError {
  override name = "SyntaxError";

  constructor(name: string) {
    super(`an argument cannot be named ${JSON.stringify(name)} in JavaScript: it is not an identifier`);
  }
}
