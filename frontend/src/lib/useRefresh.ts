/** Repeats a query every few seconds while the page is visible, and when it becomes visible. */
import { useEffect, useEffectEvent } from 'react'

export function useRefresh(ask: () => void, seconds: number | null): void {
  const again = useEffectEvent(ask)
  useEffect(() => {
    if (seconds === null) return
    const look = () => {
      if (document.visibilityState === 'visible') again()
    }
    const timer = setInterval(look, seconds * 1_000)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [seconds])
}
