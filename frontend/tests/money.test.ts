import { expect, it } from 'vitest'
import {
  isAmount,
  isNothing,
  isPositive,
  negated,
  shownDecimal,
  shownMoney,
  typedMoney,
} from '@/lib/money'

it('shows amounts to the digit, with the digits of the currency', () => {
  expect(shownMoney('59.9', 'USD')).toBe('59.90 USD')
  expect(shownMoney('-1234567.5', 'EUR')).toBe('-1,234,567.50 EUR')
  expect(shownMoney('0.0035', 'USD')).toBe('0.0035 USD')
  expect(shownMoney('1500', 'JPY')).toBe('1,500 JPY')
  expect(shownMoney('12345678901234567890.12', 'USD')).toBe('12,345,678,901,234,567,890.12 USD')
})

it('drops the zeros that say nothing', () => {
  expect([shownDecimal('1.0000'), shownDecimal('0.50'), shownDecimal('10')]).toEqual([
    '1',
    '0.5',
    '10',
  ])
})

it('tells what is typed for an amount from what is not', () => {
  expect(['5', '5.00', ' 12.5 '].map(isAmount)).toEqual([true, true, true])
  expect(['', '-5', '5.', '.5', '1,000.00', 'five', '1e3'].map(isAmount)).toEqual(
    Array(7).fill(false),
  )
  expect(typedMoney('1234567.5', 'USD')).toBe('1234567.50')
})

it('turns amounts around without calculation', () => {
  expect(['5', '-5.50', '0', '0.00'].map(negated)).toEqual(['-5', '5.50', '0', '0.00'])
  expect(['0', '0.00', '-0', '0.01', '-3'].map(isNothing)).toEqual([true, true, true, false, false])
  expect(['0', '0.01', '-3', '10'].map(isPositive)).toEqual([false, true, false, true])
})
