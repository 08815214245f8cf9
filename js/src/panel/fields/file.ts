import { element, setText, text } from "../element";
import { Attributes } from "./attributes";
import type { Control, ControlHost } from "./control";
import type { Field, Raw } from "./field";
import { FileEntry } from "./file_entry";
import { refusalOf, totalRefusalOf } from "./file_limits";

const MISSING = "Please choose a file.";
const REFUSED = "Please remove what cannot be uploaded.";

/** Files to upload. A form uploads them when it is submitted, a pin when they are chosen. */
export function fileControl(field: Field, host: ControlHost): Control {
  return new FileControl(field, host);
}

class FileControl implements Control {
  readonly element = element("div", "nbsession-files");
  /** The browser's own control: invisible, above the button, so that it gets clicks, the focus and the keyboard. */
  readonly target = element("input", "nbsession-files-input");
  private readonly attributes = new Attributes(this.target);
  private readonly button = element("span", "nbsession-button nbsession-files-button");
  private readonly hint = element("span", "nbsession-files-hint");
  private readonly zone = element("div", "nbsession-files-zone", this.button, this.hint, this.target);
  private readonly list = element("ul", "nbsession-uploads");
  private entries: FileEntry[] = [];
  private locked = false;
  /** The value that Python was told last. */
  private told = "[]";

  constructor(
    private field: Field,
    private readonly host: ControlHost,
  ) {
    this.target.type = "file";
    for (const each of [this.button, this.hint]) each.setAttribute("aria-hidden", "true");
    this.target.addEventListener("change", () => {
      const files = [...(this.target.files ?? [])];
      this.target.value = ""; // so that the same file can be chosen again
      this.choose(files);
    });
    this.target.addEventListener("keydown", (event) => {
      // For the form, it would be a submit; for JupyterLab, a shortcut.
      if (event.key === "Enter" || event.key === " ") event.stopPropagation();
    });
    this.listenForDrops();
    this.element.append(this.zone, this.list);
    this.update(field);
  }

  read(): Raw {
    return this.entries.flatMap(({ upload }) =>
      upload?.stored && upload.number !== null ? [upload.number] : [],
    );
  }

  write(value: Raw): void {
    const numbers = Array.isArray(value) ? value : [];
    for (const each of this.entries) if (!numbers.includes(each.upload?.number)) this.withdraw(each);
    this.entries = numbers.flatMap((number) => {
      const known = this.entries.find((each) => each.upload?.number === number);
      if (known) return [known];
      const upload = this.uploads.find(number);
      return upload ? [this.entry(null, upload)] : [];
    });
    this.told = JSON.stringify(this.read());
    this.draw();
  }

  update(field: Field): void {
    this.field = field;
    this.attributes.update(field.attributes);
    this.target.accept = text(field.accept);
    this.target.multiple = field.multiple === true;
    if (field.required === true) this.target.setAttribute("aria-required", "true");
    else this.target.removeAttribute("aria-required");
    setText(this.button, text(field.placeholder) || "Choose file");
    setText(this.hint, field.multiple === true ? "or drop files here" : "or drop a file here");
    this.judge();
    this.draw();
  }

  lock(locked: boolean): void {
    this.locked = locked;
    this.draw();
  }

  fault(): string {
    return !this.entries.length && this.field.required === true ? MISSING : this.refusal();
  }

  focus(): void {
    this.target.focus();
  }

  async prepare(signal: AbortSignal): Promise<Raw> {
    const stop = () => this.stop();
    signal.addEventListener("abort", stop);
    try {
      await Promise.all(this.entries.map((each) => this.upload(each)));
    } catch (error) {
      this.stop();
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
    return this.read();
  }

  dispose(): void {
    this.stop();
  }

  // -- what the reader does -----------------------------------------------------------------------

  private listenForDrops(): void {
    const { zone } = this;
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      // Without this, the browser would leave the page to show the file.
      event.preventDefault();
      event.stopPropagation();
      event.dataTransfer.dropEffect = this.target.disabled ? "none" : "copy";
      zone.classList.toggle("nbsession-files-over", !this.target.disabled);
    };
    zone.addEventListener("dragenter", over);
    zone.addEventListener("dragover", over);
    zone.addEventListener("dragleave", (event) => {
      if (!zone.contains(event.relatedTarget as Node | null)) zone.classList.remove("nbsession-files-over");
    });
    zone.addEventListener("drop", (event) => {
      zone.classList.remove("nbsession-files-over");
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.stopPropagation();
      if (!this.target.disabled) this.drop(event.dataTransfer);
    });
  }

  private drop({ items, files }: DataTransfer): void {
    const dropped = [...items].filter((each) => each.kind === "file");
    const folders = dropped.map((each) => each.webkitGetAsEntry?.()?.isDirectory === true);
    this.choose([...files].filter((_, index) => !folders[index]));
    if (folders.includes(true)) this.host.fault("Folders cannot be uploaded, only files.");
  }

  /** Add files, or replace the one of a field for one. */
  private choose(files: readonly File[]): void {
    if (!files.length) return;
    const single = this.field.multiple !== true;
    if (single && files.length > 1) return this.host.fault("Please choose only one file.");
    if (single) for (const each of this.entries) this.withdraw(each);
    const kept = single ? [] : this.entries;
    const added = files.filter((file) => !kept.some((each) => each.same(file)));
    this.entries = [...kept, ...added.map((file) => this.entry(file, null))];
    this.changed();
  }

  private remove(entry: FileEntry): void {
    if (this.target.disabled) return;
    const index = this.entries.indexOf(entry);
    const focused = document.activeElement === entry.remove;
    this.withdraw(entry);
    this.entries = this.entries.filter((each) => each !== entry);
    this.changed();
    if (focused) (this.entries[index] ?? this.entries[index - 1])?.remove.focus();
    if (focused && !this.entries.length) this.focus();
  }

  private changed(): void {
    this.judge();
    this.draw();
    if (!this.inPin || !this.uploadNow()) this.tell();
    this.host.fault(this.refusal());
  }

  /** Tell that the value has changed. That of a pin does not while its files are on their way. */
  private tell(): void {
    const value = JSON.stringify(this.read());
    if (this.inPin && value === this.told) return;
    this.told = value;
    this.host.changed(false);
  }

  // -- uploading --------------------------------------------------------------------------------

  private get uploads() {
    return this.host.around.uploads;
  }

  private get inPin(): boolean {
    return !this.element.closest("form");
  }

  /** Upload what is not uploaded yet. Returns whether there is anything. */
  private uploadNow(): boolean {
    if (this.refusal() && totalRefusalOf(this.entries, this.field)) return false;
    const missing = this.entries.filter((each) => !each.stored && !each.upload && !each.refused);
    if (!missing.length) return false;
    // Files that were chosen together are one change.
    void Promise.allSettled(missing.map((each) => this.upload(each))).then(() => this.tell());
    return true;
  }

  private async upload(entry: FileEntry): Promise<void> {
    if (entry.stored || !entry.file) return;
    const upload = this.uploads.begin(this.host.key, this.field.name, entry.file);
    try {
      await entry.follow(upload);
    } catch {
      throw new Error(`${entry.name} could not be uploaded.`);
    }
  }

  /** Withdraw what is on its way. What has been uploaded is not sent again, and other views of a pin show it. */
  private stop(): void {
    for (const each of this.entries) if (!each.stored) this.withdraw(each);
  }

  private withdraw(entry: FileEntry): void {
    const { upload } = entry;
    entry.release();
    if (upload) this.uploads.discard(upload);
  }

  // -- what it looks like -------------------------------------------------------------------------

  private entry(file: File | null, upload: FileEntry["upload"]): FileEntry {
    const made: FileEntry = new FileEntry(file, upload, () => this.remove(made));
    return made;
  }

  /** What is wrong with what has been chosen; "": nothing. */
  private refusal(): string {
    if (this.entries.some((each) => each.refused)) return REFUSED;
    return totalRefusalOf(this.entries, this.field);
  }

  private judge(): void {
    for (const each of this.entries) {
      if (each.file) each.refused = refusalOf(each, this.field);
      each.draw();
    }
  }

  private draw(): void {
    const { disabled, readonly } = this.field;
    this.target.disabled = this.locked || disabled === true || readonly === true;
    for (const each of this.entries) each.remove.disabled = this.target.disabled;
    const shown = this.entries.map((each) => each.element);
    const same = shown.length === this.list.children.length;
    if (!same || shown.some((each, index) => each !== this.list.children[index]))
      this.list.replaceChildren(...shown);
    this.list.hidden = !shown.length;
  }
}
