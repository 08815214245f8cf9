/** Calls a constructor of functions with the names of the parameters and the body. */
type Make = (kind: FunctionConstructor, source: readonly string[]) => unknown;

const directly: Make = (kind, source) => kind(...source);

let made: Make | null = null;

/**
 * Compile a function whose `import()` resolves addresses against the page, as in `%%javascript`. The base of addresses
 * is that of the script which calls the constructor, and this module's is the `blob:` URL or the file that it was
 * loaded from. Therefore, an inline script calls it, whose base is that of the document.
 */
export const makeFunction: Make = (kind, source) => {
  made ??= fromDocument() ?? directly;
  return made(kind, source);
};

/** `null` if the page's Content-Security-Policy forbids inline scripts. */
function fromDocument(): Make | null {
  const script = document.createElement("script") as HTMLScriptElement & { make?: Make };
  script.text = "document.currentScript.make = (kind, source) => kind(...source)";
  document.head.append(script);
  script.remove();
  return script.make ?? null;
}
