import type { Session } from "../session/session";
import { ROOT } from "../session/tree";
import { element } from "./element";
import { InputPanel } from "./input_panel";
import { addOriginalClasses, setOriginalScope } from "./original";
import { Panel } from "./panel";
import type { Surroundings } from "./surroundings";

/** What a view shows of a session: its outputs, all or those of a part (see `Panel`), and its forms below them. */
export class Display {
  readonly outputs = element("div", "nbsession-outputs nbsession-flow");
  readonly panel: Panel;
  readonly inputs: InputPanel;
  private readonly stops: (() => void)[];

  constructor(session: Session, around: Surroundings, part: number | null) {
    this.outputs.setAttribute("role", "log");
    this.outputs.setAttribute("aria-label", "Output");
    this.outputs.setAttribute("aria-relevant", "additions");
    addOriginalClasses(this.outputs, "markdown-body");
    if ((part ?? ROOT) === ROOT) setOriginalScope(this.outputs, "ROOT");
    this.panel = new Panel(this.outputs, around, part);
    this.inputs = new InputPanel(session, around);
    this.stops = [session.outputs.watch(this.panel)];
    // Forms belong to the root.
    if ((part ?? ROOT) === ROOT) this.stops.push(session.outputs.watch(this.inputs));
    this.stops.push(session.env.watch(() => this.inputs.place()));
  }

  /** Stand before an element. */
  placeBefore(next: HTMLElement): void {
    next.before(this.outputs, this.inputs.element);
    this.inputs.place();
  }

  remove(): void {
    this.outputs.remove();
    this.inputs.element.remove();
  }

  /** The session has ended: its outputs stay. */
  end(): void {
    this.panel.end();
    this.inputs.end();
  }

  dispose(): void {
    for (const each of this.stops) each();
    this.panel.clear();
    this.inputs.clear();
  }
}
