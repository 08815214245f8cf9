/** Calls back one macrotask later, even in a hidden tab, where `setTimeout` waits a second. */
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
