/**
 * The texts of charges and of items of bills, which the server composes in English, in the language
 * of the page. Names of offers and services, and the descriptions of usage, stay. Only pages in
 * another language load this module.
 */
import { t } from '@lingui/core/macro'
import { unitOf } from './calculation'
import { formatDecimal, formatMoney } from './money'
import { addDays, formatDate, formatPeriod } from './time'

const months =
  'January February March April May June July August September October November December'.split(' ')

const month = `(${months.join('|')})`
/** "1 to 31 December 2026", "28 November to 27 December 2026" or "30 November 2026". */
const span = `(?:(\\d{1,2})(?: ${month}(?: (\\d{4}))?)? to )?(\\d{1,2}) ${month} (\\d{4})`
/** "25.00" or "2 × 25.00". */
const price = '((?:\\d+(?:\\.\\d+)? × )?\\d[\\d,]*(?:\\.\\d+)?)'
const money = '(\\d+(?:\\.\\d+)?) ([A-Z]{3})'
const word = '(\\S+)'
const billNumber = '(B-\\d+-\\d{8})'

/** Takes the groups of the pattern; one that is not in the text is empty. */
type Compose = (...parts: string[]) => string

/** By the pattern of a text of the server. */
const composed: Record<string, Compose> = {
  'Credit for inactive time: (.+)': (what) => {
    const charge = inside(what)
    return t`Credit for inactive time: ${charge}`
  },
  [`Credited ${money}: (.+)`]: (amount, currency, of) => {
    const [credited, subject] = [formatMoney(amount, currency), subjectText(of)]
    return t`Credited ${credited}: ${subject}`
  },
  [`Charged ${money}: (.+)`]: (amount, currency, of) => {
    const [charged, subject] = [formatMoney(amount, currency), subjectText(of)]
    return t`Charged ${charged}: ${subject}`
  },
  [`Credit of ${money} used for bill ${billNumber}`]: (amount, currency, number) => {
    const credit = formatMoney(amount, currency)
    return t`Credit of ${credit} used for bill ${number}`
  },
  [`Credit of ${money} kept for the next bill`]: (amount, currency) => {
    const credit = formatMoney(amount, currency)
    return t`Credit of ${credit} kept for the next bill`
  },
  [`Charges of account ${word} are billed to account ${word}, which pays for it: bill ${word}`]: (
    paid,
    payer,
    bill,
  ) =>
    t`Charges of account ${paid} are billed to account ${payer}, which pays for it: bill ${bill}`,
  [`(.+): (credit for )?(\\d+) of (\\d+) days of ${price} \\(${span}\\)`]: (
    of,
    credit,
    days,
    cycleDays,
    each,
    ...dates
  ) => {
    const [name, rate, period] = [inside(of), priceText(each), periodText(dates)]
    return credit
      ? t`${name}: credit for ${days} of ${cycleDays} days of ${rate} (${period})`
      : t`${name}: ${days} of ${cycleDays} days of ${rate} (${period})`
  },
  [`(.+): corrected \\(${span}\\)`]: (of, ...dates) => {
    const [name, period] = [inside(of), periodText(dates)]
    return t`${name}: corrected (${period})`
  },
  [`(.+), ${span}`]: (of, ...dates) => `${inside(of)}, ${periodText(dates)}`,
  [`(.+): purchase fee of ${price}`]: (name, each) => {
    const fee = priceText(each)
    return t`${name}: purchase fee of ${fee}`
  },
  [`(.+): cancel fee of ${price}`]: (name, each) => {
    const fee = priceText(each)
    return t`${name}: cancel fee of ${fee}`
  },
  '(.+?): (\\d+(?:\\.\\d+)?)% off (.+)': (name, percent, of) => {
    const [off, charge] = [numberText(percent), inside(of)]
    return t`${name}: ${off}% off ${charge}`
  },
  '(\\d+(?:\\.\\d+)?) (\\S+) at (\\d[\\d,]*(?:\\.\\d+)?)': (count, each, price) => {
    const [quantity, rate] = [numberText(count), numberText(price)]
    const unit = unitOf(count, each) ?? each
    return t`${quantity} ${unit} at ${rate}`
  },
  [`(.+), bill ${billNumber}`]: (of, bill) => {
    const item = inside(of)
    return t`${item}, bill ${bill}`
  },
  '(Purchase fees|Monthly fees|Usage|Cancel fees|Adjustments)( · .+)?': (name, service) => {
    return `${itemName(name)}${service}`
  },
}

const grammar = Object.entries(composed).map(
  ([pattern, compose]) => [new RegExp(`^${pattern}$`), compose] as const,
)

/** Null for a text that the server does not compose of a charge or an item. */
export function chargeText(text: string): string | null {
  for (const [pattern, compose] of grammar) {
    const found = pattern.exec(text)
    if (found) return compose(...found.slice(1).map((part) => part ?? ''))
  }
  return null
}

function inside(text: string): string {
  return chargeText(text) ?? text
}

/** What an adjustment is of: an account, a bill, an item or a charge. */
function subjectText(text: string): string {
  const [, kind, number] = /^(account|bill) (\S+)$/.exec(text) ?? []
  if (number && kind === 'account') return t`account ${number}`
  if (number && kind === 'bill') return t`bill ${number}`
  return inside(text)
}

function itemName(name: string): string {
  switch (name) {
    case 'Purchase fees':
      return t`Purchase fees`
    case 'Monthly fees':
      return t`Monthly fees`
    case 'Usage':
      return t`Usage`
    case 'Cancel fees':
      return t`Cancel fees`
    default:
      return t`Adjustments`
  }
}

/** With at least the decimals that the text has. */
function numberText(text: string): string {
  const plain = text.replaceAll(',', '')
  return formatDecimal(plain, plain.split('.')[1]?.length)
}

function priceText(text: string): string {
  return text.split(' × ').map(numberText).join(' × ')
}

/** Of the parts of a span: the first day, month and year, if there are two; then the last. */
function periodText(parts: string[]): string {
  const [firstDay, firstMonth, firstYear, lastDay = '', lastMonth = '', lastYear = ''] = parts
  const last = isoDate(lastYear, lastMonth, lastDay)
  if (!firstDay) return formatDate(last)
  const first = isoDate(firstYear || lastYear, firstMonth || lastMonth, firstDay)
  return formatPeriod(first, addDays(last, 1))
}

function isoDate(year: string, name: string, day: string): string {
  const number = String(months.indexOf(name) + 1).padStart(2, '0')
  return `${year}-${number}-${day.padStart(2, '0')}`
}
