/** Estimates the rate of a run from the times at which its count changed. */
import { plural, t } from '@lingui/core/macro'
import { useEffect, useRef, useState } from 'react'
import { formatCount } from '@/lib/language'

export interface Sample {
  /** Milliseconds. */
  at: number
  count: number
}

const remembered = 30_000

/** Adds a sample. Drops samples older than 30 seconds, except the latest of them. */
export function withSample(samples: Sample[], sample: Sample): Sample[] {
  const recent = samples.findIndex((each) => sample.at - each.at <= remembered)
  return [...samples.slice(recent === -1 ? -1 : Math.max(0, recent - 1)), sample]
}

/** Counts per second; null below two changes or below one second between them. */
export function rateOf(samples: Sample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || last.at - first.at < 1_000 || last.count <= first.count) return null
  return ((last.count - first.count) / (last.at - first.at)) * 1_000
}

/** "850 a second, about 40 seconds left". */
export function rateLabel(rate: number, left: number): string {
  const rounded = rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate)
  const [perSecond, duration] = [formatCount(rounded), durationLabel(left / rate)]
  return t`${perSecond} a second, about ${duration} left`
}

export function durationLabel(seconds: number): string {
  if (seconds < 90) {
    const count = Math.max(1, Math.round(seconds))
    return plural(count, { one: '# second', other: '# seconds' })
  }
  if (seconds < 5_400) {
    return plural(Math.round(seconds / 60), { one: '# minute', other: '# minutes' })
  }
  return plural(Math.round(seconds / 3_600), { one: '# hour', other: '# hours' })
}

export function useRate(count: number): number | null {
  const [samples, setSamples] = useState<Sample[]>([])
  const seen = useRef(count)
  useEffect(() => {
    // The initial count was reached at an unknown rate.
    if (count === seen.current) return
    seen.current = count
    setSamples((samples) => withSample(samples, { at: performance.now(), count }))
  }, [count])
  return rateOf(samples)
}
