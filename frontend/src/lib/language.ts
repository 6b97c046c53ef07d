/**
 * The language of the page. It is set before any module with texts is loaded (`main.tsx`) and does
 * not change until the page is loaded again, so `t` may be used anywhere, also in constants.
 */
import { i18n, type Messages } from '@lingui/core'

/** By their own names. */
export const languages = { en: 'English', de: 'Deutsch' } as const

export type Language = keyof typeof languages

const storageKey = 'tenure-language'
const numberFormats = new Map<Language, Intl.NumberFormat>()

/** The chosen language, else the first known one of the browser, else English. */
export function wantedLanguage(): Language {
  const wishes = [localStorage.getItem(storageKey), ...navigator.languages]
  const known = wishes.map((wish) => wish?.slice(0, 2)).find((wish) => wish && wish in languages)
  return (known as Language | undefined) ?? 'en'
}

/** English messages are in the source, already compiled (`macros.ts`), and in no catalog. */
export function setLanguage(language: Language, messages: Messages = {}): void {
  i18n.setMessagesCompiler(JSON.parse)
  i18n.loadAndActivate({ locale: language, messages })
  if (typeof document !== 'undefined') document.documentElement.lang = language
}

export function language(): Language {
  return i18n.locale === 'de' ? 'de' : 'en'
}

/** Loads the page again in another language. */
export function chooseLanguage(next: Language): void {
  localStorage.setItem(storageKey, next)
  window.location.reload()
}

/** "1,200" or "1.200". */
export function formatCount(count: number): string {
  const current = language()
  const format = numberFormats.get(current) ?? new Intl.NumberFormat(current)
  numberFormats.set(current, format)
  return format.format(count)
}
