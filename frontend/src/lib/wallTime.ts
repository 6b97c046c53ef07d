/** The present in the business time zone, for calculations with dates that are typed or picked. */
import dayjs, { type Dayjs } from 'dayjs'
import utc from 'dayjs/plugin/utc'
import { wallOf } from './time'

dayjs.extend(utc)

/** The business date as a UTC midnight, so that date arithmetic ignores daylight saving time. */
export function todayOf(now: string, zone: string): Dayjs {
  return wallNow(now, zone).startOf('day')
}

/** The wall time as a UTC moment, so that date arithmetic ignores daylight saving time. */
export function wallNow(now: string, zone: string): Dayjs {
  return dayjs.utc(wallOf(now, zone).replace(' ', 'T'))
}
