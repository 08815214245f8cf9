/** The dark ones of CodeMirror 5's themes. */
const DARK = `
  3024-night abbott abcdef ambiance ambiance-mobile ayu-dark ayu-mirage base16-dark bespin blackboard cobalt colorforth
  darcula dark dracula duotone-dark erlang-dark gruvbox-dark hopscotch icecoder isotope lesser-dark liquibyte lucario
  material material-darker material-ocean material-palenight mbo midnight monokai moxer night nord oceanic-next
  one-dark panda-syntax paraiso-dark pastel-on-dark railscasts rubyblue seti shadowfox solarized-dark the-matrix
  tomorrow-night-bright tomorrow-night-eighties twilight vibrant-ink xq-dark yonce zenburn
`.split(/\s+/);

/** Whether a theme of CodeMirror 5 is dark; others follow the page. */
export function isDark(theme: unknown): boolean {
  return (
    typeof theme === "string" &&
    theme !== "" &&
    DARK.includes(theme.trim().toLowerCase().replaceAll(" ", "-"))
  );
}
