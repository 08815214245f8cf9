const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** A number of bytes in readable form: "12.3 MB". */
export function sizeText(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const options = { style: "unit", unit: UNITS[unit], unitDisplay: unit ? "short" : "long" } as const;
  return new Intl.NumberFormat(undefined, {
    ...options,
    maximumFractionDigits: value < 100 && unit ? 1 : 0,
  }).format(value);
}
