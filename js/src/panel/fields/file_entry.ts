import type { Upload } from "../../session/uploads";
import { element, setText } from "../element";
import { pressable } from "../pressable";
import { sizeText } from "../size";

/** One of the files that the reader has chosen. */
export class FileEntry {
  readonly element: HTMLLIElement;
  readonly remove = element("button", "nbsession-upload-remove", "✕");
  readonly name: string;
  readonly size: number;
  readonly type: string;
  /** Why it cannot be uploaded; "": it can. */
  refused = "";
  /** Why the last attempt to upload it failed. */
  private failure = "";
  private readonly state = element("span", "nbsession-state");
  private readonly filled = element("div", "nbsession-filled");
  private readonly bar = element("div", "nbsession-bar", this.filled);
  private readonly fault = element("div", "nbsession-fault");

  /** `upload`: it has been uploaded, possibly by another view. */
  constructor(
    readonly file: File | null,
    public upload: Upload | null,
    remove: () => void,
  ) {
    this.name = file?.name ?? upload?.name ?? "";
    this.size = file?.size ?? upload?.size ?? 0;
    this.type = file?.type ?? "";
    pressable(this.remove, remove);
    this.remove.title = "Remove";
    this.remove.setAttribute("aria-label", `Remove ${this.name}`);
    this.bar.setAttribute("role", "progressbar");
    this.bar.setAttribute("aria-label", `Upload of ${this.name}`);
    this.bar.setAttribute("aria-valuemin", "0");
    this.bar.setAttribute("aria-valuemax", "100");
    this.fault.setAttribute("role", "alert");
    const title = element("div", "nbsession-upload-title");
    title.append(element("span", "nbsession-upload-name", this.name), this.state);
    const shown = element("div", "nbsession-upload-shown", title, this.bar, this.fault);
    this.element = element("li", "nbsession-upload", shown, this.remove);
    this.draw();
  }

  /** Whether Python has it. */
  get stored(): boolean {
    return this.upload?.stored === true;
  }

  /** Whether it is the same file, chosen again. */
  same(file: File): boolean {
    const { name, size, lastModified } = file;
    return this.name === name && this.size === size && this.file?.lastModified === lastModified;
  }

  /** Show its upload, which has begun. Resolves when it is over. */
  async follow(upload: Upload): Promise<void> {
    this.upload = upload;
    this.failure = "";
    upload.onProgress = () => this.draw();
    this.draw();
    try {
      await upload.done;
    } catch (error) {
      if (this.upload !== upload) return;
      this.upload = null;
      this.failure = error instanceof Error ? error.message : String(error);
      this.draw();
      throw error;
    }
  }

  /** Forget its upload, which has been taken back. */
  release(): void {
    this.upload = null;
    this.draw();
  }

  draw(): void {
    const { upload, size } = this;
    const uploading = upload !== null && !upload.stored;
    const share = upload && size ? upload.written / size : 0;
    const percent = Math.round(100 * share);
    this.element.dataset.state = uploading ? "uploading" : this.stored ? "stored" : "chosen";
    setText(this.state, this.stateText(uploading, percent));
    this.bar.hidden = !uploading;
    this.bar.setAttribute("aria-valuenow", String(percent));
    this.filled.style.width = `${100 * share}%`;
    setText(this.fault, this.refused || this.failure);
  }

  private stateText(uploading: boolean, percent: number): string {
    if (uploading) return `${sizeText(this.size)}, ${percent}%`;
    return this.stored ? `${sizeText(this.size)}, uploaded` : sizeText(this.size);
  }
}
