import { expect, it } from 'vitest'
import { shownDecimal, shownMoney } from '@/lib/money'

it('shows amounts to the digit, with the digits of the currency', () => {
  expect(shownMoney('59.9', 'USD')).toBe('59.90 USD')
  expect(shownMoney('-1234567.5', 'EUR')).toBe('-1,234,567.50 EUR')
  expect(shownMoney('0.0035', 'USD')).toBe('0.0035 USD')
  expect(shownMoney('1500', 'JPY')).toBe('1,500 JPY')
  expect(shownMoney('12345678901234567890.12', 'USD')).toBe('12,345,678,901,234,567,890.12 USD')
})

it('drops the zeros that say nothing', () => {
  expect([shownDecimal('1.0000'), shownDecimal('0.50'), shownDecimal('10')]).toEqual(['1', '0.5', '10'])
})
