import { element } from "./element";
import { addOriginalClasses } from "./original";

let views = 0;
const THEMES = new Set(["dark", "sketchy", "minty", "yeti"]);

/**
 * The look that an app has configured: a theme and style sheets. On a served page they apply to the whole page. In a
 * notebook they apply to the session's view alone.
 */
export class Look {
  private readonly sheets = element("div", "");
  /** What is shown now. */
  private shown = "";
  /** The original's class for the theme. */
  private theme = "";
  private readonly name = String(++views);

  constructor(
    private readonly root: HTMLElement,
    /** Whether the page is the session's own. */
    private readonly page = document.body.dataset.nbsessionProtocol !== undefined,
  ) {
    this.sheets.hidden = true;
  }

  show(options: Record<string, unknown>): void {
    const { theme, css_style: style, css_file: files } = options;
    const now = JSON.stringify([theme, style, files]);
    if (now === this.shown) return;
    this.shown = now;
    const themed = this.page ? document.documentElement : this.root;
    if (typeof theme === "string" && THEMES.has(theme)) themed.dataset.nbsessionTheme = theme;
    else delete themed.dataset.nbsessionTheme;
    const body = this.page ? document.body : this.root;
    if (this.theme) body.classList.remove(this.theme);
    this.theme = `webio-theme-${themed.dataset.nbsessionTheme ?? "default"}`;
    addOriginalClasses(body, this.theme);
    const addresses = Array.isArray(files) ? files.filter((each) => typeof each === "string") : [];
    const sheets: HTMLElement[] = addresses.map((each) => this.linked(each));
    if (typeof style === "string" && style) sheets.push(this.sheet(style));
    this.sheets.replaceChildren(...sheets);
    if (sheets.length) this.root.prepend(this.sheets);
    else this.sheets.remove();
  }

  private linked(address: string): HTMLElement {
    if (this.page) {
      const link = element("link", "");
      link.rel = "stylesheet";
      link.href = address;
      return link;
    }
    // A linked style sheet would apply to the notebook, too.
    const sheet = element("style", "");
    fetch(address)
      .then((response) => (response.ok ? response.text() : Promise.reject(new Error(response.statusText))))
      .then((css) => {
        sheet.textContent = this.confined(css);
      })
      .catch((error) => console.error(`nbsession: ${address} could not be loaded:`, error));
    return sheet;
  }

  private sheet(css: string): HTMLElement {
    const sheet = element("style", "");
    sheet.textContent = this.page ? css : this.confined(css);
    return sheet;
  }

  /** A style sheet that applies to the view. Without `@scope`, nested rules do the same but for `@font-face` etc. */
  private confined(css: string): string {
    this.root.dataset.nbsessionLook = this.name;
    const view = `[data-nbsession-look="${this.name}"]`;
    return `${"CSSScopeRule" in globalThis ? `@scope (${view})` : view} {\n${css}\n}`;
  }
}
