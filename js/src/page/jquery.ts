const NAMES = ["$", "jQuery"];

/**
 * Offer jQuery to code of the page, which pages of the original have. It is loaded at its first use: at once, because
 * that code expects a value and no promise.
 */
export function offerJquery(address: string | undefined): void {
  if (address === undefined || NAMES.some((name) => name in window)) return;
  const withdraw = () => {
    for (const name of NAMES) Reflect.deleteProperty(window, name);
  };
  const load = () => {
    withdraw();
    const request = new XMLHttpRequest();
    request.open("GET", address, false);
    request.send();
    const script = document.createElement("script");
    script.text = request.responseText;
    document.head.append(script);
    script.remove();
  };
  for (const name of NAMES) {
    Object.defineProperty(window, name, {
      configurable: true,
      get: () => {
        load();
        return Reflect.get(window, name) as unknown;
      },
      set: (value: unknown) => {
        withdraw();
        Object.assign(window, { [name]: value });
      },
    });
  }
}
