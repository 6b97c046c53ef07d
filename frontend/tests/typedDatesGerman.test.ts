import dayjs from 'dayjs'
import utc from 'dayjs/plugin/utc'
import { expect, it } from 'vitest'
import { setLanguage } from '@/lib/language'

dayjs.extend(utc)
setLanguage('de')
const { readTypedDate } = await import('@/lib/typedDates')

/** A Sunday. */
const now = dayjs.utc('2026-11-29 10:30:00')

function read(text: string): string | null {
  return readTypedDate(text, now)?.wall ?? null
}

it.each([
  ['2026-12-01 14:30', '2026-12-01 14:30:00'],
  ['30.11.2026 23.59', '2026-11-30 23:59:00'],
  ['30.11.', '2026-11-30 00:00:00'],
  ['3.12. 14:30', '2026-12-03 14:30:00'],
  ['3.3.', '2027-03-03 00:00:00'],
  ['heute', '2026-11-29 00:00:00'],
  ['morgen', '2026-11-30 00:00:00'],
  ['übermorgen', '2026-12-01 00:00:00'],
  ['Morgen um 14 Uhr', '2026-11-30 14:00:00'],
  ['mo', '2026-11-30 00:00:00'],
  ['Freitag', '2026-12-04 00:00:00'],
  ['nächsten Freitag', '2026-12-04 00:00:00'],
  ['kommenden Freitag', '2026-12-04 00:00:00'],
  ['nächsten Montag um 9:15', '2026-11-30 09:15:00'],
  ['in 2 Wochen', '2026-12-13 00:00:00'],
  ['in zwei Wochen', '2026-12-13 00:00:00'],
  ['+2 Wochen', '2026-12-13 00:00:00'],
  ['+2w', '2026-12-13 00:00:00'],
  ['+10 Tage', '2026-12-09 00:00:00'],
  ['+3 Monate', '2027-02-28 00:00:00'],
  ['+1 Jahr', '2027-11-29 00:00:00'],
  ['Monatsende', '2026-11-30 00:00:00'],
  ['Ende des Monats', '2026-11-30 00:00:00'],
  ['Ende der Woche', '2026-11-29 00:00:00'],
  ['Jahresende', '2026-12-31 00:00:00'],
  ['30. November', '2026-11-30 00:00:00'],
  ['3 März', '2027-03-03 00:00:00'],
  ['1. Dez. 2026, 8:00', '2026-12-01 08:00:00'],
])('reads %s', (typed, wall) => {
  expect(read(typed)).toBe(wall)
})

it.each(['31.11.', '31.11.2026', '30.2.', 'irgendwann', '30. Nov bis 3. Dez', '12', '2026', ''])(
  'refuses %s',
  (typed) => {
    expect(read(typed)).toBeNull()
  },
)
