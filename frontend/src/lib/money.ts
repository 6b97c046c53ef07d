/** Amounts are decimal strings and never become floats. */
import { t } from '@lingui/core/macro'
import { type Language, language } from './language'

const separators: Record<Language, { group: string; decimal: string }> = {
  en: { group: ',', decimal: '.' },
  de: { group: '.', decimal: ',' },
}

/** "1,234.50 USD" for 1234.5: grouped, with at least the digits that the currency has. */
export function formatMoney(amount: string, currency: string): string {
  return `${formatDecimal(amount, digitsOf(currency))} ${currency}`
}

/** "12.50 USD", and "12.50 USD credit" for a negative balance. */
export function formatBalance(amount: string, currency: string): string {
  if (!isCredit(amount)) return formatMoney(amount, currency)
  const credit = formatMoney(amount.slice(1), currency)
  return t`${credit} credit`
}

export function isCredit(amount: string): boolean {
  return amount.startsWith('-') && !isNothing(amount)
}

export function isNothing(amount: string): boolean {
  return !/[1-9]/.test(amount)
}

/** Groups thousands and drops trailing zeros beyond `digits` decimals. */
export function formatDecimal(decimal: string, digits = 0): string {
  const { sign, whole, kept } = partsOf(decimal, digits)
  const { group, decimal: point } = separators[language()]
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, group)}${kept && `${point}${kept}`}`
}

/** "1234.50" or "1234,50" for 1234.5, as the value of a field; see `typedAmount`. */
export function amountForField(amount: string, currency: string): string {
  const { sign, whole, kept } = partsOf(amount, digitsOf(currency))
  return inFieldOf(`${sign}${whole}${kept && `.${kept}`}`)
}

/** A decimal with the decimal separator of the language, not grouped. */
export function inFieldOf(decimal: string): string {
  return decimal.replace('.', separators[language()].decimal)
}

function partsOf(decimal: string, digits: number): { sign: string; whole: string; kept: string } {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? []
  return { sign, whole, kept: fraction.replace(/0+$/, '').padEnd(digits, '0') }
}

export function isPositive(amount: string): boolean {
  return !amount.startsWith('-') && !isNothing(amount)
}

export function negated(amount: string): string {
  if (isNothing(amount)) return amount
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`
}

const micros = 1_000_000n

/** The exact sum of amounts with at most six decimals. */
export function sumOf(amounts: string[]): string {
  const total = amounts.reduce((sum, amount) => sum + inMicros(amount), 0n)
  const [sign, size] = total < 0n ? ['-', -total] : ['', total]
  return `${sign}${size / micros}.${String(size % micros).padStart(6, '0')}`
}

/** The exact product of two decimals. */
export function productOf(one: string, other: string): string {
  const [a, b] = [unscaled(one), unscaled(other)]
  const product = a.digits * b.digits
  const [sign, size] = product < 0n ? ['-', -product] : ['', product]
  const decimals = a.decimals + b.decimals
  const padded = String(size).padStart(decimals + 1, '0')
  const point = padded.length - decimals
  return `${sign}${padded.slice(0, point)}${decimals ? `.${padded.slice(point)}` : ''}`
}

/** 1.25 as 125 with 2 decimals. */
function unscaled(decimal: string): { digits: bigint; decimals: number } {
  const [whole = '', fraction = ''] = decimal.split('.')
  return { digits: BigInt(whole + fraction), decimals: fraction.length }
}

function inMicros(amount: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? []
  const size = BigInt(whole) * micros + BigInt(fraction.slice(0, 6).padEnd(6, '0'))
  return sign ? -size : size
}

/** The decimals of the minor unit of a currency. */
export function digitsOf(currency: string): number {
  try {
    return (
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
        .maximumFractionDigits ?? 2
    )
  } catch {
    return 2
  }
}
