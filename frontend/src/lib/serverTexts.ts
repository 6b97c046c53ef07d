/**
 * The messages of the server in the language of the page. The API has them in English only, with
 * the values in them; `locales/de/server.json` has the German of each. The texts of charges are
 * composed of names and dates (`chargeText.ts`).
 */
import { formatMoney } from './money'

/** English messages with their translations; `{number}` is a value of both. */
export type ServerTexts = Record<string, string>

interface Template {
  pattern: RegExp
  translation: string
}

/** The translation of a text that is composed of others, or null for another text. */
type ComposedText = (text: string) => string | null

let templates: Template[] = []
let composed: ComposedText = () => null

export function setServerTexts(texts: ServerTexts, composedText: ComposedText = () => null): void {
  composed = composedText
  templates = Object.entries(texts).map(([english, translation]) => ({
    pattern: patternOf(english),
    translation,
  }))
}

/** In English, and for a message that has no translation, the message itself. */
export function translated(message: string): string {
  const whole = composed(message)
  if (whole !== null) return whole
  for (const { pattern, translation } of templates) {
    const found = pattern.exec(message)
    if (found) {
      const values = found.groups ?? {}
      return translation.replace(/\{(\w+)\}/g, (_, name: string) => translatedValue(values[name]))
    }
  }
  return message
}

function patternOf(english: string): RegExp {
  const escaped = english.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replace(/\{(\w+)\}/g, '(?<$1>.+?)')}$`, 's')
}

/** An amount, or one or more clauses: "its account is closed; its service is not active". */
function translatedValue(value = ''): string {
  const [, amount, currency] = /^(-?\d+(?:\.\d+)?) ([A-Z]{3})$/.exec(value) ?? []
  if (amount && currency) return formatMoney(amount, currency)
  return value.split('; ').map(translated).join('; ')
}
