import { expect, it } from 'vitest'
import { setLanguage } from '@/lib/language'

setLanguage('de')
const { chargeText } = await import('@/lib/chargeText')

/** Texts of the server with those of the page, in which only numbers and dates are German here. */
it.each([
  ['Monthly fees · Mobile', 'Monthly fees · Mobile'],
  ['Usage', 'Usage'],
  ['DSL, 1 to 31 December 2026', 'DSL, 1. Dez. – 31. Dez. 2026'],
  ['DSL, 28 November to 27 December 2026', 'DSL, 28. Nov. – 27. Dez. 2026'],
  ['DSL, 15 December 2026 to 14 January 2027', 'DSL, 15. Dez. 2026 – 14. Jan. 2027'],
  ['DSL, 30 November 2026', 'DSL, 30. Nov. 2026'],
  ['TV, HD, 1 to 31 May 2026', 'TV, HD, 1. Mai – 31. Mai 2026'],
  [
    'DSL: 12 of 30 days of 1,030.00 (19 to 30 November 2026)',
    'DSL: 12 of 30 days of 1.030,00 (19. Nov. – 30. Nov. 2026)',
  ],
  [
    'DSL: 50: credit for 1 of 30 days of 2 × 30.00 (30 November 2026)',
    'DSL: 50: credit for 1 of 30 days of 2 × 30,00 (30. Nov. 2026)',
  ],
  [
    'Loyal: 12.5% off DSL: 12 of 30 days of 30.00 (19 to 30 November 2026)',
    'Loyal: 12,5% off DSL: 12 of 30 days of 30,00 (19. Nov. – 30. Nov. 2026)',
  ],
  ['Loyal: corrected (19 to 30 June 2026)', 'Loyal: corrected (19. Juni – 30. Juni 2026)'],
  ['Loyal: 10% off DSL, 1 to 31 July 2026', 'Loyal: 10% off DSL, 1. Juli – 31. Juli 2026'],
  ['DSL: purchase fee of 2 × 25.00', 'DSL: purchase fee of 2 × 25,00'],
  ['DSL: cancel fee of 5.005', 'DSL: cancel fee of 5,005'],
  ['12.5 MB at 0.05', '12,5 MB at 0,05'],
  ['Loyal: 10% off 12.5 MB at 0.05', 'Loyal: 10% off 12,5 MB at 0,05'],
  ['Loyal: 10% off Calls abroad', 'Loyal: 10% off Calls abroad'],
  ['Credit for inactive time: 3 minute at 0.10', 'Credit for inactive time: 3 minutes at 0,10'],
  ['Credit for inactive time: Calls abroad', 'Credit for inactive time: Calls abroad'],
  ['Credited 1050.00 USD: account A-1', 'Credited 1.050,00 USD: account A-1'],
  ['Charged 5.00 USD: bill B-7-20261201', 'Charged 5,00 USD: bill B-7-20261201'],
  [
    'Credited 5.00 USD: Usage · Mobile, bill B-7-20261201',
    'Credited 5,00 USD: Usage · Mobile, bill B-7-20261201',
  ],
  [
    'Credit of 50.00 USD used for bill B-3-20261201',
    'Credit of 50,00 USD used for bill B-3-20261201',
  ],
  ['Credit of 5.00 USD kept for the next bill', 'Credit of 5,00 USD kept for the next bill'],
  [
    'Charges of account A-1 are billed to account A-2, which pays for it: bill B-3-20261201',
    'Charges of account A-1 are billed to account A-2, which pays for it: bill B-3-20261201',
  ],
])('reads %s', (text, shown) => {
  expect(chargeText(text)).toBe(shown)
})

it.each([
  'Calls abroad',
  'Monthly fees of DSL',
  'Paid 5.00 USD (reference R-1)',
  'Meet at 5',
  'Call them, 31 Dezember 2026',
  'TV: 10 of 20 channels',
])('leaves %s', (text) => {
  expect(chargeText(text)).toBeNull()
})
