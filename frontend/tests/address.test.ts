import { expect, it } from 'vitest'
import { emailHref, linesOf, phoneHref } from '@/lib/address'

it('writes an address in the order of the bill, without what is not known', () => {
  const address = {
    addressLines: 'Building 2\nHigh Street 1',
    city: 'Springfield',
    region: 'IL',
    postalCode: '62701',
    country: 'US',
  }
  expect(linesOf(address)).toEqual([
    'Building 2',
    'High Street 1',
    'Springfield, IL 62701',
    'United States',
  ])
  expect(linesOf({ addressLines: null, city: null, postalCode: '10115' })).toEqual(['10115'])
  expect(linesOf({})).toEqual([])
})

it('links to a telephone number without its punctuation', () => {
  expect(phoneHref('+49 (0)89 / 123-456')).toBe('tel:+4989123456')
  expect(phoneHref('(0) 89 123')).toBe('tel:089123')
  expect(phoneHref('555.0100 x 12')).toBe('tel:5550100;ext=12')
})

it('links to an e-mail address that cannot add a subject', () => {
  expect(emailHref('hana@example.com')).toBe('mailto:hana@example.com')
  expect(emailHref('a?subject=b@example.com')).toBe('mailto:a%3Fsubject%3Db@example.com')
})
