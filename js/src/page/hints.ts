/**
 * The browser's client hints, by name, for the hello. Chromium's user agent string no longer contains the phone, the
 * system's version, or Windows 11. Other browsers, and pages without a secure origin, have no hints.
 */
const WANTED = ["architecture", "bitness", "fullVersionList", "model", "platformVersion"];

interface UserAgentData {
  getHighEntropyValues(names: readonly string[]): Promise<Record<string, unknown>>;
}

export async function clientHints(): Promise<{ user_agent_data?: Record<string, unknown> }> {
  const { userAgentData } = navigator as { userAgentData?: UserAgentData };
  try {
    const hints = await userAgentData?.getHighEntropyValues(WANTED);
    return hints ? { user_agent_data: hints } : {};
  } catch {
    return {}; // a permissions policy may forbid it
  }
}
