import dayjs from 'dayjs'
import utc from 'dayjs/plugin/utc'
import { describe, expect, it } from 'vitest'
import { readTypedDate } from '@/lib/typedDates'

dayjs.extend(utc)

/** A Sunday. */
const now = dayjs.utc('2026-11-29 10:30:00')

function read(text: string): string | null {
  return readTypedDate(text, now)?.wall ?? null
}

describe('readTypedDate', () => {
  it.each([
    ['sun', '2026-12-06 00:00:00'],
    ['sunday', '2026-12-06 00:00:00'],
    ['sunday at 23:00', '2026-11-29 23:00:00'],
    ['today', '2026-11-29 00:00:00'],
    ['29 Nov', '2026-11-29 00:00:00'],
  ])('reads %s on a Sunday', (typed, wall) => {
    expect(read(typed)).toBe(wall)
  })

  it.each([
    ['2026-12-01', '2026-12-01 00:00:00'],
    ['2026-12-01 14:30', '2026-12-01 14:30:00'],
    ['2026-12-01T14:30', '2026-12-01 14:30:00'],
    ['1.12.2026 9:05', '2026-12-01 09:05:00'],
    ['30.11.2026 23.59', '2026-11-30 23:59:00'],
    ['11/30/2026', '2026-11-30 00:00:00'],
    ['30/11/2026', '2026-11-30 00:00:00'],
    ['1 Dec 2026', '2026-12-01 00:00:00'],
    ['1 December 2026, 08:00', '2026-12-01 08:00:00'],
    ['30 Nov', '2026-11-30 00:00:00'],
    ['3 March', '2027-03-03 00:00:00'],
    ['tomorrow', '2026-11-30 00:00:00'],
    ['tomorrow at 14:00', '2026-11-30 14:00:00'],
    ['mon', '2026-11-30 00:00:00'],
    ['Next Friday', '2026-12-04 00:00:00'],
    ['next monday', '2026-11-30 00:00:00'],
    ['+2w', '2026-12-13 00:00:00'],
    ['+10 d', '2026-12-09 00:00:00'],
    ['in 2 weeks', '2026-12-13 00:00:00'],
    ['end of month', '2026-11-30 00:00:00'],
    ['end of the year', '2026-12-31 00:00:00'],
    ['5.12.', '2026-12-05 00:00:00'],
    ['5.12', '2026-12-05 00:00:00'],
    ['05.12. 14:30', '2026-12-05 14:30:00'],
    ['3.3.', '2027-03-03 00:00:00'],
    ['5. 12. 2026', '2026-12-05 00:00:00'],
    ['5.12.26', '2026-12-05 00:00:00'],
    ['29.2.', '2028-02-29 00:00:00'],
    ['2026-12-5', '2026-12-05 00:00:00'],
    ['2026/12/5', '2026-12-05 00:00:00'],
    ['12/5', '2026-12-05 00:00:00'],
    ['12/5/26', '2026-12-05 00:00:00'],
    ['13/1', '2027-01-13 00:00:00'],
    ['5 Dec 26', '2026-12-05 00:00:00'],
    ['Dec 5', '2026-12-05 00:00:00'],
    ['Dec. 5th, 2026', '2026-12-05 00:00:00'],
    ['5th of December', '2026-12-05 00:00:00'],
    ['5dec', '2026-12-05 00:00:00'],
    ['5. Dez', '2026-12-05 00:00:00'],
    ['3. März 2027', '2027-03-03 00:00:00'],
    ['Dec 5 2pm', '2026-12-05 14:00:00'],
    ['5 Dec 26 14:30', '2026-12-05 14:30:00'],
    ['5.12. 14h', '2026-12-05 14:00:00'],
    ['5.12. 14 Uhr', '2026-12-05 14:00:00'],
    ['2026-12-05 2:30 pm', '2026-12-05 14:30:00'],
    ['2026-12-05, 12am', '2026-12-05 00:00:00'],
    ['2026-12-05 at 9', '2026-12-05 09:00:00'],
    ['tomorrow 14h', '2026-11-30 14:00:00'],
    ['tomorrow 2pm', '2026-11-30 14:00:00'],
    ['tomorrow 14 Uhr', '2026-11-30 14:00:00'],
    ['friday 14h30', '2026-12-04 14:30:00'],
    ['morgen', '2026-11-30 00:00:00'],
    ['heute 14h', '2026-11-29 14:00:00'],
    ['+2w 14:00', '2026-12-13 14:00:00'],
    ['end of month 23:59', '2026-11-30 23:59:00'],
    ['14:00', '2026-11-29 14:00:00'],
    ['2pm', '2026-11-29 14:00:00'],
  ])('reads %s', (typed, wall) => {
    expect(read(typed)).toBe(wall)
  })

  it.each([
    '',
    '2026-11-31',
    '31.11.2026',
    '13/32/2026',
    '2026-02-30',
    '2026-12-01 25:00',
    '2026-12-01 14:60',
    '2026-12-01 soon',
    'when it suits',
    '30 Nov to 3 Dec',
    '12',
    '2026',
    '14:00 EST tomorrow',
    '31.11.',
    '30.2.',
    '12.13',
    '31/31',
    '2026-13-05',
    '2026/12-05',
    '31 Nov',
    '5 Decade',
    '5.12. 25h',
    'tomorrow 13pm',
    '24:00',
  ])('refuses %s', (typed) => {
    expect(read(typed)).toBeNull()
  })

  it.each([
    ['end of month', '2026-11-30 15:00:00', '2026-11-30', '2026-12-31'],
    ['end of week', '2026-11-29 15:00:00', '2026-11-29', '2026-12-06'],
    ['end of year', '2026-12-31 15:00:00', '2026-12-31', '2027-12-31'],
  ])('tells what follows if %s has passed', (typed, today, day, following) => {
    const moment = readTypedDate(typed, dayjs.utc(today))
    expect(moment?.wall).toBe(`${day} 00:00:00`)
    expect(moment?.following).toBe(`${following} 00:00:00`)
  })

  it.each([
    ['14:00', '2026-11-30 15:00:00', '2026-11-30 14:00:00', '2026-12-01 14:00:00'],
    ['end of month 9:00', '2026-11-30 15:00:00', '2026-11-30 09:00:00', '2026-12-31 09:00:00'],
  ])('tells what follows if %s has passed', (typed, here, wall, following) => {
    expect(readTypedDate(typed, dayjs.utc(here))).toMatchObject({ wall, following })
  })

  it.each([
    ['3 March', '2026-03-03 00:00:00'],
    ['3.3.', '2026-03-03 00:00:00'],
    ['29.11.', '2025-11-29 00:00:00'],
    ['29 Feb', '2024-02-29 00:00:00'],
    ['mon', '2026-11-23 00:00:00'],
    ['Saturday', '2026-11-28 00:00:00'],
    ['sun', '2026-11-29 00:00:00'],
    ['next monday', undefined],
    ['today', undefined],
    ['2027-03-03', undefined],
  ])('tells what precedes %s', (typed, preceding) => {
    expect(readTypedDate(typed, now)?.preceding).toBe(preceding)
  })

  it('tells whether the text names the time of day', () => {
    expect(readTypedDate('2026-12-01 00:00', now)?.hasTime).toBe(true)
    expect(readTypedDate('2026-12-01', now)?.hasTime).toBe(false)
    expect(readTypedDate('tomorrow at 9:15', now)?.hasTime).toBe(true)
    expect(readTypedDate('tomorrow', now)?.hasTime).toBe(false)
  })
})
