/** Calls back one macrotask later, however hidden the tab is: `setTimeout` waits a second there. */
export class Macrotask {
  private readonly channel = new MessageChannel();
  private pending = false;

  constructor(callback: () => void) {
    this.channel.port1.onmessage = () => {
      this.pending = false;
      callback();
    };
  }

  schedule(): void {
    if (this.pending) return;
    this.pending = true;
    this.channel.port2.postMessage(null);
  }

  close(): void {
    this.channel.port1.close();
  }
}
