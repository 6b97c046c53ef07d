/** Loads the signed-in user and the business clock before any screen is shown. */
import { t } from '@lingui/core/macro'
import { Center, Loader } from '@mantine/core'
import { lazy, type ReactNode, Suspense, useEffect, useEffectEvent } from 'react'
import { useQuery } from 'urql'
import { BusinessProvider } from '@/lib/business'
import { useSessionEnded } from '@/lib/sessionEnd'
import { LoadError } from '@/ui/States'
import { SessionDocument } from './operations.generated'

const SignInAgain = lazy(() => import('./SignInAgain'))

interface Props {
  /** Opens the page to sign in. */
  onSignIn: () => void
  children: ReactNode
}

export function Session({ onSignIn, children }: Props) {
  const [{ data, error }, refetch] = useQuery({ query: SessionDocument })
  const hasEnded = useSessionEnded()
  const isSignedOut = hasEnded && !data
  const signIn = useEffectEvent(onSignIn)
  useEffect(() => {
    if (isSignedOut) signIn()
  }, [isSignedOut])
  if (data) {
    const session = { viewer: data.viewer, clock: data.clock, timeZone: data.settings.timeZone }
    return (
      <BusinessProvider session={session}>
        {children}
        <Suspense>
          {hasEnded && <SignInAgain user={data.viewer.name} onLeave={onSignIn} />}
        </Suspense>
      </BusinessProvider>
    )
  }
  if (error) {
    return <LoadError error={error} retry={() => refetch({ requestPolicy: 'network-only' })} />
  }
  return (
    <Center component="main" h="100dvh">
      <title>Tenure</title>
      <Loader aria-label={t`Loading`} />
    </Center>
  )
}
