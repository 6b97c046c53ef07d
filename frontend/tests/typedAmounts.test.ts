import { afterEach, describe, expect, it } from 'vitest'
import { type Language, setLanguage } from '@/lib/language'
import { amountForField } from '@/lib/money'
import { amountProblem, typedAmount } from '@/lib/typedAmounts'

afterEach(() => setLanguage('en'))

const unreadable = 'Enter an amount.'

function read(language: Language, typed: string, currency: string | undefined = 'USD') {
  setLanguage(language)
  const problem = amountProblem(typed, unreadable, currency)
  expect(problem === null).toBe(typedAmount(typed, currency) !== '')
  return problem ?? typedAmount(typed, currency)
}

describe('a typed amount', () => {
  it.each<[Language, string, string]>([
    ['en', '250', '250'],
    ['en', ' 9.90 ', '9.90'],
    ['en', '1,234.50', '1234.50'],
    ['en', '1,234,567', '1234567'],
    ['en', '1,234', '1234'],
    ['en', '12,50', '12.50'],
    ['en', '1.234,50', '1234.50'],
    ['de', '12,50', '12.50'],
    ['de', '12.50', '12.50'],
    ['de', '1.234,50', '1234.50'],
    ['de', '1.234', '1234'],
    ['de', '1.234.567', '1234567'],
    ['de', '1,234.50', '1234.50'],
    ['de', '0,5', '0.5'],
  ])('is read in %s: %s', (language, typed, amount) => {
    expect(read(language, typed)).toBe(amount)
  })

  it.each([
    '',
    '-1',
    '1e3',
    '.5',
    '5.',
    ',5',
    '5,',
    'five',
    '1,23,4',
    '1.2.3',
    '1 000',
    '01,234.5',
  ])('is refused: %s', (typed) => {
    expect(read('en', typed)).toBe(unreadable)
    expect(read('de', typed)).toBe(unreadable)
  })

  it('is refused if it can mean two amounts', () => {
    expect(read('de', '1,234')).toBe('1.234')
    expect(read('en', '1.234')).toBe('1.234')
    // A rate or a currency with three decimals.
    expect(read('de', '1.234', 'BHD')).toContain('1234 or 1,234')
    setLanguage('en')
    expect(amountProblem('1,234', unreadable)).toContain('1234 or 1.234')
    expect(typedAmount('0.035')).toBe('0.035')
  })

  it('reads what a field begins with', () => {
    for (const language of ['en', 'de'] as const) {
      setLanguage(language)
      expect(typedAmount(amountForField('1234567.5', 'USD'), 'USD')).toBe('1234567.50')
      expect(typedAmount(amountForField('1500', 'JPY'), 'JPY')).toBe('1500')
    }
    expect(amountForField('1234.5', 'USD')).toBe('1234,50')
  })
})
