/** Estimates the rate of a run from the times at which its count changed. */
import { useEffect, useRef, useState } from 'react'
import { countLabel } from '@/lib/labels'

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
  return `${rounded.toLocaleString('en')} a second, about ${durationLabel(left / rate)} left`
}

export function durationLabel(seconds: number): string {
  if (seconds < 90) return countLabel(Math.max(1, Math.round(seconds)), 'second')
  if (seconds < 5_400) return countLabel(Math.round(seconds / 60), 'minute')
  return countLabel(Math.round(seconds / 3_600), 'hour')
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
