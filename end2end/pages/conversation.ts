// A conversation as it reads: who says what, without the buttons and times around it.

import type { Locator } from "@playwright/test";

export interface Message {
  from: string;
  text: string;
}

export async function conversationIn(place: Locator): Promise<Message[]> {
  return place.getByRole("article", { includeHidden: true }).evaluateAll((articles) =>
    articles.map((article) => {
      const parts = [...article.querySelectorAll(".markdown-block, .code-block code, .tool-name, .tool-input")];
      return {
        from: article.getAttribute("data-from") ?? "",
        // Coloured code breaks its lines by elements, and plain code by characters.
        text: parts.map((part) => (part.textContent ?? "").replaceAll(/\s+/g, part.matches("code") ? "" : " ").trim()).join("\n"),
      };
    }),
  );
}
