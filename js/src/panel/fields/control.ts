import type { Surroundings } from "../surroundings";
import type { Field, Raw } from "./field";

/** The form or pin that a control belongs to. */
export interface ControlHost {
  /** The key of its node. */
  readonly key: number;
  readonly around: Surroundings;
  /** The reader has changed the control. `typing`: more changes will follow at once. */
  changed(typing: boolean): void;
  /** The reader has pressed a button of the control, which asks for this. */
  pressed(what: "submit" | "reset" | "cancel" | "action"): void;
  /** `target` or `invalids` are other elements now. */
  replaced(): void;
  /** Show what is wrong with the control; "": nothing. */
  fault(text: string): void;
}

/** What the reader enters a field's value with. */
export interface Control {
  readonly element: HTMLElement;
  /** The element that the field's label names; `null`: several elements under a legend. */
  readonly target: HTMLElement | null;
  /** The elements that are marked as invalid, if not `target`. */
  readonly invalids?: readonly HTMLElement[];
  read(): Raw;
  /** Show a value. One that the control cannot show is ignored. */
  write(value: Raw): void;
  /** Show the field as it is now, and keep what the reader has entered. */
  update(field: Field): void;
  /** Whether the reader can use it, apart from what the field says. */
  lock(locked: boolean): void;
  /** What the browser finds wrong with the value; "": nothing. */
  fault(): string;
  focus(): void;
  /** Prepare the value to be submitted, for example by uploading it. The form waits, and can be cancelled. */
  prepare?(signal: AbortSignal): Promise<Raw>;
  /** The form waits for Python, or does not any more. */
  wait?(waiting: boolean): void;
  /** The form has not been accepted: wait for the reader again. */
  again?(): void;
  dispose?(): void;
}
