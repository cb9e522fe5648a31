import { i18n } from "@lingui/core";

export const LOCALES = { en: "English", de: "Deutsch", es: "Español" } as const;
export type Locale = keyof typeof LOCALES;

const KEPT = "communityshare-locale";

function isLocale(value: string | null | undefined): value is Locale {
  return !!value && value in LOCALES;
}

/** The language chosen earlier, else the first of the browser's that we speak, else English. */
export function preferredLocale(): Locale {
  const kept = localStorage.getItem(KEPT);
  if (isLocale(kept)) return kept;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLocale) ?? "en";
}

export async function activate(locale: Locale): Promise<void> {
  const { messages } = await import(`../locales/${locale}.po`);
  i18n.loadAndActivate({ locale, messages });
  document.documentElement.lang = locale;
}

export async function chooseLocale(locale: Locale): Promise<void> {
  localStorage.setItem(KEPT, locale);
  await activate(locale);
}
