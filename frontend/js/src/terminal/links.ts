// Links in a terminal are a stranger's input: the whole target is shown before anything opens, and only the web opens.

import { WebLinksAddon } from "@xterm/addon-web-links";
import type { ILinkHandler } from "@xterm/xterm";

export class Links {
  #hint: HTMLElement | undefined;

  constructor(private readonly host: HTMLElement) {}

  /** For addresses written out. */
  addon(): WebLinksAddon {
    return new WebLinksAddon((_event, target) => open(target), {
      hover: (_event, target) => this.#show(target),
      leave: () => this.#hide(),
    });
  }

  /** For links whose text is not their address. */
  handler(): ILinkHandler {
    return {
      activate: (_event, target) => open(target),
      hover: (_event, target) => this.#show(target),
      leave: () => this.#hide(),
      allowNonHttpProtocols: false,
    };
  }

  #show(target: string): void {
    this.#hide();
    const address = webAddress(target);
    if (address === undefined) return;
    this.#hint = document.createElement("div");
    this.#hint.className = "terminal-link";
    this.#hint.textContent = address;
    this.host.append(this.#hint);
  }

  #hide(): void {
    this.#hint?.remove();
    this.#hint = undefined;
  }
}

/** The address as the browser will read it, which unmasks look-alike names; nothing unless it is the web's. */
function webAddress(target: string): string | undefined {
  const address = URL.canParse(target) ? new URL(target) : undefined;
  return address?.protocol === "https:" || address?.protocol === "http:" ? address.href : undefined;
}

function open(target: string): void {
  const address = webAddress(target);
  if (address !== undefined && confirm(`Open this address in a new tab?\n\n${address}`)) {
    window.open(address, "_blank", "noopener,noreferrer");
  }
}
