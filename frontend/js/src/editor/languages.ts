// The languages the editor colours. Grammars are bundled with it: small, and needed at once.

import { languages } from "monaco-editor/editor";
import * as cpp from "monaco-editor/languages/definitions/cpp/cpp";
import * as css from "monaco-editor/languages/definitions/css/css";
import * as go from "monaco-editor/languages/definitions/go/go";
import * as html from "monaco-editor/languages/definitions/html/html";
import * as ini from "monaco-editor/languages/definitions/ini/ini";
import * as java from "monaco-editor/languages/definitions/java/java";
import * as javascript from "monaco-editor/languages/definitions/javascript/javascript";
import * as markdown from "monaco-editor/languages/definitions/markdown/markdown";
import * as python from "monaco-editor/languages/definitions/python/python";
import * as rust from "monaco-editor/languages/definitions/rust/rust";
import * as shell from "monaco-editor/languages/definitions/shell/shell";
import * as sql from "monaco-editor/languages/definitions/sql/sql";
import * as typescript from "monaco-editor/languages/definitions/typescript/typescript";
import * as yaml from "monaco-editor/languages/definitions/yaml/yaml";

interface Grammar {
  conf: languages.LanguageConfiguration;
  language: languages.IMonarchLanguage;
}

/** Monaco colours JSON only together with its language service, which is not worth its size here. */
const json: Grammar = {
  conf: {
    brackets: [["{", "}"], ["[", "]"]],
    autoClosingPairs: [
      { open: "{", close: "}", notIn: ["string"] },
      { open: "[", close: "]", notIn: ["string"] },
      { open: '"', close: '"', notIn: ["string"] },
    ],
    comments: { lineComment: "//", blockComment: ["/*", "*/"] },
  },
  language: {
    tokenizer: {
      root: [
        [/"(?:[^"\\]|\\.)*"(?=\s*:)/, "string.key"],
        [/"(?:[^"\\]|\\.)*"?/, "string"],
        [/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/, "number"],
        [/\b(?:true|false|null)\b/, "keyword"],
        [/\/\/.*$/, "comment"],
        [/\/\*/, "comment", "comment"],
        [/[{}[\]]/, "@brackets"],
        [/[,:]/, "delimiter"],
      ],
      comment: [[/[^*]+/, "comment"], [/\*\//, "comment", "@pop"], [/\*/, "comment"]],
    },
  },
};

/** A language with the names and the file extensions that mean it. */
const KNOWN: [id: string, grammar: Grammar, names: string[], extensions: string[]][] = [
  ["python", python, ["py", "python3"], ["py", "pyi"]],
  ["javascript", javascript, ["js", "jsx", "node"], ["js", "mjs", "cjs", "jsx"]],
  ["typescript", typescript, ["ts", "tsx"], ["ts", "mts", "cts", "tsx"]],
  ["go", go, ["golang"], ["go"]],
  ["json", json, ["jsonc"], ["json", "jsonc"]],
  ["markdown", markdown, ["md"], ["md", "markdown"]],
  ["shell", shell, ["sh", "bash", "zsh", "console"], ["sh", "bash"]],
  ["yaml", yaml, ["yml"], ["yaml", "yml"]],
  ["html", html, ["xml", "svg"], ["html", "htm", "xml", "svg"]],
  ["css", css, [], ["css"]],
  ["sql", sql, ["sqlite", "postgresql"], ["sql"]],
  ["ini", ini, ["toml"], ["ini", "toml", "cfg", "conf"]],
  ["rust", rust, ["rs"], ["rs"]],
  ["java", java, [], ["java"]],
  ["cpp", cpp, ["c", "c++", "h"], ["c", "h", "cc", "cpp", "hpp"]],
];

const BY_NAME = new Map(KNOWN.flatMap(([id, , names]) => [id, ...names].map((name) => [name, id])));
const BY_EXTENSION = new Map(KNOWN.flatMap(([id, , , extensions]) => extensions.map((extension) => [extension, id])));

export function registerLanguages(): void {
  for (const [id, grammar, , extensions] of KNOWN) {
    languages.register({ id, extensions: extensions.map((extension) => `.${extension}`) });
    languages.setLanguageConfiguration(id, grammar.conf);
    languages.registerTokensProviderFactory(id, { create: () => grammar.language });
  }
}

/** The language a path's extension stands for; `plaintext` when it stands for none. */
export function languageOf(path: string): string {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return BY_EXTENSION.get(extension) ?? "plaintext";
}

/** The language somebody calls by `name`, as in a Markdown fence; `plaintext` when nobody knows it. */
export function languageNamed(name: string): string {
  return BY_NAME.get(name.trim().toLowerCase()) ?? "plaintext";
}

export type Script = "javascript" | "typescript";

/** Whether the TypeScript service understands a language. */
export function isScript(language: string): language is Script {
  return language === "javascript" || language === "typescript";
}
