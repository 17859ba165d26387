// Modules of Monaco that are published without types.

declare module "monaco-editor/languages/definitions/*" {
  import type { languages } from "monaco-editor/editor";

  export const conf: languages.LanguageConfiguration;
  export const language: languages.IMonarchLanguage;
}

declare module "monaco-editor/languages/features/typescript/tsMode" {
  import type { LanguageServiceDefaults } from "monaco-editor/languages/features/typescript/register";

  export function setupJavaScript(defaults: LanguageServiceDefaults): void;
  export function setupTypeScript(defaults: LanguageServiceDefaults): void;
}

declare module "monaco-editor/editor/contrib/suggest/browser/suggestController";

declare module "*.css";
