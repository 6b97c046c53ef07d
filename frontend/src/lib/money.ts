/** Amounts are decimal strings: they are shown as they are, digit by digit, never as floats. */

/** "1,234.50 USD" for 1234.5: grouped, with at least the digits that the currency has. */
export function shownMoney(amount: string, currency: string): string {
  return `${shownDecimal(amount, digitsOf(currency))} ${currency}`
}

/** A decimal with its thousands apart, without zeros that say nothing, but with at least `digits` of them. */
export function shownDecimal(decimal: string, digits = 0): string {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? []
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const kept = fraction.replace(/0+$/, '').padEnd(digits, '0')
  return `${sign}${grouped}${kept && `.${kept}`}`
}

/** "1234.50" for 1234.5: as it is typed into a field. */
export function typedMoney(amount: string, currency: string): string {
  return shownDecimal(amount, digitsOf(currency)).replaceAll(',', '')
}

/** What a person may type for an amount: digits, and decimals behind a point. */
export function isAmount(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text.trim())
}

export function isZero(amount: string): boolean {
  return /^-?0*(\.0*)?$/.test(amount)
}

export function isPositive(amount: string): boolean {
  return !amount.startsWith('-') && !isZero(amount)
}

export function negated(amount: string): string {
  if (isZero(amount)) return amount
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`
}

function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    return 2
  }
}
