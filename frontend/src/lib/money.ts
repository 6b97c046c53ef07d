/** Amounts are decimal strings and never become floats. */

/** "1,234.50 USD" for 1234.5: grouped, with at least the digits that the currency has. */
export function formatMoney(amount: string, currency: string): string {
  return `${formatDecimal(amount, digitsOf(currency))} ${currency}`
}

/** "12.50 USD", and "12.50 USD credit" for a negative balance. */
export function formatBalance(amount: string, currency: string): string {
  return isCredit(amount)
    ? `${formatMoney(amount.slice(1), currency)} credit`
    : formatMoney(amount, currency)
}

export function isCredit(amount: string): boolean {
  return amount.startsWith('-') && !isNothing(amount)
}

export function isNothing(amount: string): boolean {
  return !/[1-9]/.test(amount)
}

/** True for a typed amount such as 250, 250.5 or 250.00. */
export function isAmount(typed: string): boolean {
  return /^\d+(\.\d+)?$/.test(typed.trim())
}

/** Groups thousands and drops trailing zeros beyond `digits` decimals. */
export function formatDecimal(decimal: string, digits = 0): string {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? []
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const kept = fraction.replace(/0+$/, '').padEnd(digits, '0')
  return `${sign}${grouped}${kept && `.${kept}`}`
}

/** "1234.50" for 1234.5, as the value of a field. */
export function amountForField(amount: string, currency: string): string {
  return formatDecimal(amount, digitsOf(currency)).replaceAll(',', '')
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

function inMicros(amount: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? []
  const size = BigInt(whole) * micros + BigInt(fraction.slice(0, 6).padEnd(6, '0'))
  return sign ? -size : size
}

function digitsOf(currency: string): number {
  try {
    return (
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
        .maximumFractionDigits ?? 2
    )
  } catch {
    return 2
  }
}
