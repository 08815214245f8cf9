/**
 * What the browser says of itself beside its user agent string, by name for the hello. Chromium's string does not tell the phone,
 * the system's version, or Windows 11 any more; other browsers, and pages without a secure origin, have no hints.
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
