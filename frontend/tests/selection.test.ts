import { expect, it } from 'vitest'
import { toggled } from '@/lib/selection'

const rows = ['a', 'b', 'c', 'd']

it('selects and clears a row', () => {
  expect(toggled({ a: true }, rows, 'b', null)).toEqual({ a: true, b: true })
  expect(toggled({ a: true }, rows, 'a', null)).toEqual({ a: false })
})

it('selects the rows between two clicks, in both directions', () => {
  expect(toggled({ b: true }, rows, 'd', 'b')).toEqual({ b: true, c: true, d: true })
  expect(toggled({ d: true }, rows, 'c', 'd')).toEqual({ c: true, d: true })
  expect(toggled({}, rows, 'c', 'gone')).toEqual({ c: true })
})
