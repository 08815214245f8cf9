import type { OutputNode } from "../session/node";
import { arrange } from "./arrange";
import { element, setText, text } from "./element";
import { newId } from "./fields/names";
import type { NodeView } from "./node_view";
import { pressable } from "./pressable";

interface Tab {
  readonly button: HTMLButtonElement;
  readonly panel: HTMLElement;
}

/** Panels with other nodes, one of which is shown: the reader chooses it. */
export function tabsView(node: OutputNode): NodeView {
  const list = element("div", "nbsession-tablist");
  list.setAttribute("role", "tablist");
  const shown = element("div", "nbsession-node nbsession-tabs", list);
  /** By their first slots, so that a tab is the same one when others come and go. */
  let tabs = new Map<unknown, Tab>();
  let slots = new Map<unknown, HTMLElement>();
  let chosen: Tab | undefined;

  const choose = (tab: Tab | undefined) => {
    chosen = tab;
    for (const each of tabs.values()) {
      each.button.setAttribute("aria-selected", String(each === tab));
      each.button.tabIndex = each === tab ? 0 : -1;
      each.panel.hidden = each !== tab;
    }
  };
  const make = (): Tab => {
    const button = element("button", "nbsession-tab");
    const panel = element("div", "nbsession-tabpanel nbsession-flow");
    button.id = newId();
    button.setAttribute("role", "tab");
    panel.id = newId();
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", button.id);
    button.setAttribute("aria-controls", panel.id);
    const tab = { button, panel };
    pressable(button, () => choose(tab));
    return tab;
  };
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const all = [...tabs.values()];
    const at = all.findIndex((each) => each.button === event.target);
    const places: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 };
    const to = places[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab has shortcuts for them
    const tab = all.at(to % all.length);
    choose(tab);
    tab?.button.focus();
  });

  const update = (changed: OutputNode) => {
    const former = tabs;
    const all = [...former.values()];
    const place = chosen ? all.indexOf(chosen) : 0;
    tabs = new Map();
    slots = new Map();
    const described = Array.isArray(changed.tabs) ? changed.tabs : [];
    for (const [index, each] of described.entries()) {
      const { title, slots: given } = Object(each) as Record<string, unknown>;
      const its: unknown[] = Array.isArray(given) ? given : [];
      const known = its.length ? its[0] : `tab ${index}`;
      const tab = former.get(known) ?? make();
      tabs.set(known, tab);
      setText(tab.button, text(title));
      for (const slot of its) slots.set(slot, tab.panel);
    }
    const now = [...tabs.values()];
    arrange(list, buttonsOf(all), buttonsOf(now));
    arrange(shown, panelsOf(all), [list, ...panelsOf(now)]);
    choose(chosen && now.includes(chosen) ? chosen : now[Math.min(place, now.length - 1)]);
  };
  update(node);
  return { element: shown, update, slot: (number) => slots.get(number) ?? shown };
}

const buttonsOf = (tabs: readonly Tab[]) => tabs.map((each) => each.button);
const panelsOf = (tabs: readonly Tab[]) => tabs.map((each) => each.panel);
