/**
 * Shows its content once the browser is idle: what nobody needs while a screen is loading. The
 * screen stays without the content if that cannot be loaded, for example offline.
 */
import { Component, type ReactNode, Suspense, useEffect, useState } from 'react'
import { isLoadFailure } from '@/lib/loadFailure'

const longestWaitMs = 1500

interface WhenIdleProps {
  /** Does not wait any longer. */
  now?: boolean
  /** Shown until then, and while the content is loading. */
  fallback?: ReactNode
  children: ReactNode
}

export function WhenIdle({ now = false, fallback, children }: WhenIdleProps) {
  const [isIdle, setIdle] = useState(false)
  useEffect(() => {
    // Not every browser tells when it is idle.
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(() => setIdle(true), longestWaitMs)
      return () => clearTimeout(timer)
    }
    const handle = requestIdleCallback(() => setIdle(true), { timeout: longestWaitMs })
    return () => cancelIdleCallback(handle)
  }, [])
  if (!isIdle && !now) return fallback
  return (
    <IfLoaded otherwise={fallback}>
      <Suspense fallback={fallback}>{children}</Suspense>
    </IfLoaded>
  )
}

interface IfLoadedProps {
  otherwise: ReactNode
  children: ReactNode
}

class IfLoaded extends Component<IfLoadedProps, { error: Error | null }> {
  state = { error: null as Error | null }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  render() {
    const { error } = this.state
    if (!error) return this.props.children
    if (!isLoadFailure(error)) throw error
    return this.props.otherwise
  }
}
