/** Repeats a query every few seconds while the page is visible, and when it becomes visible. */
import { useEffect, useEffectEvent } from 'react'

export function useRefresh(refetch: () => void, seconds: number | null): void {
  const onTick = useEffectEvent(refetch)
  useEffect(() => {
    if (seconds === null) return
    const refetchIfVisible = () => {
      if (document.visibilityState === 'visible') onTick()
    }
    const timer = setInterval(refetchIfVisible, seconds * 1_000)
    document.addEventListener('visibilitychange', refetchIfVisible)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', refetchIfVisible)
    }
  }, [seconds])
}
