const browsers = [
  ['Edge', /\bEdg(?:e|A|iOS)?\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\/(\d+)/],
  ['Safari', /\bVersion\/(\d{1,4})\b/],
] as const;
const systems = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Macintosh/],
  ['Linux', /Linux|X11/],
] as const;

/**
 * The name by which a person knows a device (`Chrome 130, Windows`), from the description of its browser; the description itself when it is
 * unknown.
 */
export function deviceText(said: string): string {
  const browser = browsers.flatMap(([name, pattern]) => {
    const version = pattern.exec(said)?.[1];
    return version === undefined ? [] : [`${name} ${version}`];
  })[0];
  const system = systems.find(([, pattern]) => pattern.test(said))?.[0];
  return [browser, system].filter((part) => part !== undefined).join(', ') || said.slice(0, 60);
}
