/**
 * Reads typed amounts as the language writes them: 1,234.50 in English, 1.234,50 in German. The
 * form of the other language is read too, where it cannot mean anything else.
 */
import { t } from '@lingui/core/macro'
import { type Language, language } from './language'
import { digitsOf, inFieldOf } from './money'

/** Rates, quantities and percentages have at most so many decimals. */
const mostDecimals = 6

const forms: Record<Language, RegExp> = {
  en: /^(?<whole>\d+|[1-9]\d{0,2}(?:,\d{3})+)(?:\.(?<fraction>\d+))?$/,
  de: /^(?<whole>\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,(?<fraction>\d+))?$/,
}

const others: Record<Language, Language> = { en: 'de', de: 'en' }

/** The amount as a decimal, such as 1234.50; empty if `amountProblem` has found a problem. */
export function typedAmount(typed: string, currency?: string): string {
  const found = readings(typed, currency)
  return found.length === 1 ? (found[0] ?? '') : ''
}

/** Null if the amount can be read; `unreadable` is said of what is no amount. */
export function amountProblem(typed: string, unreadable: string, currency?: string): string | null {
  const found = readings(typed, currency)
  if (found.length === 1) return null
  if (found.length === 0) return unreadable
  const [one = '', other = ''] = found.map(inFieldOf)
  return t`This can be ${one} or ${other}. Type it without separators of thousands.`
}

/**
 * What the text can mean. A decimal separator of the language is one. A text without it can be of
 * the other language, with no more decimals than the currency has.
 */
function readings(typed: string, currency: string | undefined): string[] {
  const text = typed.trim()
  const own = readAs(language(), text)
  if (own?.includes('.')) return [own]
  const other = readAs(others[language()], text)
  const digits = currency ? digitsOf(currency) : mostDecimals
  const isPlausible = other !== null && (other.split('.')[1] ?? '').length <= digits
  const found = [own, isPlausible ? other : null].filter((each) => each !== null)
  return [...new Set(found)]
}

function readAs(form: Language, text: string): string | null {
  const parts = forms[form].exec(text)?.groups
  if (!parts) return null
  const whole = parts.whole?.replace(/\D/g, '') ?? ''
  return parts.fraction ? `${whole}.${parts.fraction}` : whole
}
