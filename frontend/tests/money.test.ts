import { expect, it } from 'vitest'
import {
  amountForField,
  formatDecimal,
  formatMoney,
  isNothing,
  isPositive,
  negated,
  sumOf,
} from '@/lib/money'

it('shows all digits of an amount, at least those of the currency', () => {
  expect(formatMoney('59.9', 'USD')).toBe('59.90 USD')
  expect(formatMoney('-1234567.5', 'EUR')).toBe('-1,234,567.50 EUR')
  expect(formatMoney('0.0035', 'USD')).toBe('0.0035 USD')
  expect(formatMoney('1500', 'JPY')).toBe('1,500 JPY')
  expect(formatMoney('12345678901234567890.12', 'USD')).toBe('12,345,678,901,234,567,890.12 USD')
})

it('drops trailing zeros', () => {
  expect([formatDecimal('1.0000'), formatDecimal('0.50'), formatDecimal('10')]).toEqual([
    '1',
    '0.5',
    '10',
  ])
})

it('writes an amount for a field', () => {
  expect(amountForField('1234567.5', 'USD')).toBe('1234567.50')
})

it('negates amounts as text', () => {
  expect(['5', '-5.50', '0', '0.00'].map(negated)).toEqual(['-5', '5.50', '0', '0.00'])
  expect(['0', '0.00', '-0', '0.01', '-3'].map(isNothing)).toEqual([true, true, true, false, false])
  expect(['0', '0.01', '-3', '10'].map(isPositive)).toEqual([false, true, false, true])
})

it('adds amounts exactly', () => {
  expect(sumOf([])).toBe('0.000000')
  expect(sumOf(['0.1', '0.2', '-0.3'])).toBe('0.000000')
  expect(sumOf(['999999999999.99', '0.000001'])).toBe('999999999999.990001')
  expect(sumOf(['10', '-12.5'])).toBe('-2.500000')
})
