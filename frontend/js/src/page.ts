// What both facades take from the page they are on: its tokens, its fonts, and a style sheet of their own.

/** Adds the style sheet that lies beside this script, once, and waits for it. */
export function loadStyleSheet(name: string): Promise<void> {
  const href = new URL(name, import.meta.url).href;
  const present = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')];
  if (present.some((link) => link.href === href)) return Promise.resolve();
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    // A page without its style sheet is ugly, but it works: never keep the editor from opening.
    link.onload = link.onerror = () => resolve();
    document.head.append(link);
  });
}

/** The families both libraries draw code with. */
export const MONO = '"Geist Mono Variable", ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace';

/** The size of code, in pixels. */
export const CODE_SIZE = 13;

/** Waits until the monospaced font can be measured; a cell measured in the fallback would stay wrong. */
export async function monoFontLoaded(): Promise<void> {
  await Promise.race([
    document.fonts.load(`${CODE_SIZE}px "Geist Mono Variable"`),
    new Promise((resolve) => setTimeout(resolve, 2000)),
  ]).catch(() => undefined);
}

/** A colour of `style/tokens.css` as `#rrggbb` or `#rrggbbaa`, whatever form the style sheet was minified to. */
export function colour(token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(--${token}, #808080)`;
  document.body.append(probe);
  const parts = getComputedStyle(probe).color.match(/[\d.]+/g)?.map(Number) ?? [];
  probe.remove();
  const [red = 128, green = 128, blue = 128, alpha = 1] = parts;
  const pair = (value: number) => Math.round(value).toString(16).padStart(2, "0");
  const opaque = `#${pair(red)}${pair(green)}${pair(blue)}`;
  return alpha < 1 ? opaque + pair(alpha * 255) : opaque;
}

/** Whether the visitor asked for stillness. */
export function motionReduced(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
